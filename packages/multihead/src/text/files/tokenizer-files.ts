/** @file The files of a tokenizer in Hugging Face's layout, which Python Transformers and transformers.js load. */
import type { TokenizerJson } from '../backends/backend.js';
import type { SpecialTokens } from '../tokenizer/special-tokens.js';
import { bertSettingsOf } from './bert-settings.js';

/**
 * Writes a tokenizer's files.
 *
 * @param config what tokenizer_config.json held, which is kept
 * @returns contents by file name: tokenizer.json, tokenizer_config.json, special_tokens_map.json, and for WordPiece
 *   vocab.txt
 */
export function tokenizerFiles(
  json: TokenizerJson,
  config: Readonly<Record<string, unknown>>,
  specialTokens: SpecialTokens,
): Record<string, string> {
  const write = (content: unknown) => `${JSON.stringify(content, null, 2)}\n`;
  const specials = Object.fromEntries(Object.entries(specialTokens).map(([kind, token]) => [`${kind}_token`, token]));
  const isWordPiece = json.model.type === 'WordPiece';
  const tokenizer_class = isWordPiece ? 'BertTokenizer' : 'PreTrainedTokenizerFast';
  const vocabulary = isWordPiece && vocabularyText(json.model.vocab as Record<string, number>);
  return {
    'tokenizer.json': write(json),
    // transformers.js loads no tokenizer without this file; Python would lower-case unless it says otherwise.
    'tokenizer_config.json': write({ tokenizer_class, ...specials, ...config, ...bertSettingsOf(json) }),
    'special_tokens_map.json': write(specials),
    ...(vocabulary && { 'vocab.txt': vocabulary }),
  };
}

/** vocab.txt: a token a line, its number the line's. Undefined where the numbers have gaps, which it cannot say. */
function vocabularyText(vocab: Readonly<Record<string, number>>): string | undefined {
  const tokens = Object.entries(vocab).sort(([, a], [, b]) => a - b);
  const isWritable = tokens.every(([token, id], line) => id === line && !/[\r\n]/.test(token));
  return isWritable ? `${tokens.map(([token]) => token).join('\n')}\n` : undefined;
}
