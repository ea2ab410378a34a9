/**
 * @file BERT's settings stand in two files: in tokenizer.json as the normalizer's, in tokenizer_config.json by other names.
 */
import type { TokenizerJson } from '../backends/backend.js';

/** Settings of tokenizer_config.json that shape a BERT tokenizer. */
export interface BertSettings {
  /** Default: true. */
  readonly do_lower_case?: boolean;
  /** Default: null, which is as `do_lower_case`. */
  readonly strip_accents?: boolean | null;
  /** Whether each Chinese character is a word. Default: true. */
  readonly tokenize_chinese_chars?: boolean;
}

const names = [
  ['do_lower_case', 'lowercase'],
  ['strip_accents', 'strip_accents'],
  ['tokenize_chinese_chars', 'handle_chinese_chars'],
] as const;

// Python loads these classes from tokenizer.json alone.
const withoutSettings: readonly unknown[] = ['PreTrainedTokenizerFast', 'TokenizersBackend'];

/**
 * Lets tokenizer_config.json's settings win over tokenizer.json's, as Python's BertTokenizer does. What the
 * configuration leaves out stays as tokenizer.json has it (Python would take its defaults).
 */
export function applyBertSettings(json: TokenizerJson, config: Readonly<Record<string, unknown>>): TokenizerJson {
  if (json.normalizer?.type !== 'BertNormalizer' || withoutSettings.includes(config.tokenizer_class)) return json;
  const given = names.filter(([name]) => config[name] !== undefined);
  const settings = Object.fromEntries(given.map(([name, inJson]) => [inJson, config[name]]));
  return { ...json, normalizer: { ...json.normalizer, ...settings } };
}

/** The settings for tokenizer_config.json; none where the tokenizer is not BERT's. */
export function bertSettingsOf({ normalizer }: TokenizerJson): BertSettings {
  if (normalizer?.type !== 'BertNormalizer') return {};
  return Object.fromEntries(names.map(([name, inJson]) => [name, normalizer[inJson] ?? null]));
}
