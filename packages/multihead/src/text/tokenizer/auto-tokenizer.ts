/** @file Tokenizers from folders in Hugging Face's layout. */
import { exists, joinPath, readTextAtMost } from '#files';
import { resolveModel } from '#hub';
import { probeTokenizer } from '#tokenizer-probe';
import { type ResolveOptions, resolveOptionNames } from '../../hub/options.js';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { checkOptionNames } from '../../platform/option-names.js';
import type { TokenizerJson } from '../backends/backend.js';
import { readChatTemplateFiles } from '../chat/chat-template-files.js';
import { withAddedTokens } from '../files/added-vocabulary.js';
import { applyBertSettings } from '../files/bert-settings.js';
import { applyClassSettings, checkVocabularyClass, withTokenizerClass } from '../files/class-settings.js';
import { checkTokenizerJson } from '../files/tokenizer-json.js';
import { wordPieceJson } from '../files/word-piece.js';
import { Tokenizer } from './tokenizer.js';

/**
 * Loads the tokenizer of a model folder or of a model on the hub.
 *
 * @example
 * const tokenizer = await AutoTokenizer.fromPretrained('models/minilm');
 */
export const AutoTokenizer = {
  /**
   * Reads `tokenizer.json`, or makes BERT's WordPiece tokenizer of `vocab.txt`; with `tokenizer_config.json`,
   * `special_tokens_map.json`, `added_tokens.json` and `chat_template.jinja` if they are there. Settings of a BERT tokenizer in tokenizer_config.json
   * (`do_lower_case`, `strip_accents`, `tokenize_chinese_chars`) win over tokenizer.json's, as in Python.
   *
   * On Node an unknown tokenizer.json is first tried in a process of its own, since a hostile one can abort or hang the Rust
   * library; one that passes is remembered by its checksum (docs/safety.md).
   *
   * @param idOrFolder a folder, or a model of the hub by its id; in browsers its address
   * @throws UserError where the folder has neither file, and for a file that cannot be understood: by name, line and
   *   column where it is not JSON, and by what it lacks; for a tokenizer.json that aborts or exceeds the limits when tried
   * @example
   * const tokenizer = await AutoTokenizer.fromPretrained('models/minilm');
   */
  async fromPretrained(idOrFolder: string, options: ResolveOptions = {}): Promise<Tokenizer> {
    checkOptionNames(options, resolveOptionNames, 'AutoTokenizer.fromPretrained');
    const folder = await resolveModel(idOrFolder, { parts: 'tokenizer', ...options });
    const read = async (name: string): Promise<Record<string, unknown>> => {
      const path = joinPath(folder, name);
      return (await exists(path)) ? objectIn(await readTextAtMost(path), path) : {};
    };
    const own = await read('tokenizer_config.json');
    // Python reads the older file only where the newer lists no tokens; then what it says counts.
    const merged = own.added_tokens_decoder ? own : mergedConfig(own, await read('special_tokens_map.json'));
    const chatTemplate = await readChatTemplateFiles(folder);
    const config = withTokenizerClass({ ...merged, ...chatTemplate }, await read('config.json'));
    const added = own.added_tokens_decoder ? {} : await read('added_tokens.json');
    const make = (json: TokenizerJson, where: string) => {
      const whole = withAddedTokens(json, { config, added, where: folder });
      return new Tokenizer({ json: applyClassSettings(whole, config, folder), config, where });
    };
    const jsonPath = joinPath(folder, 'tokenizer.json');
    if (await exists(jsonPath)) {
      const text = await readTextAtMost(jsonPath);
      const json = checkTokenizerJson(objectIn(text, jsonPath), jsonPath);
      await probeTokenizer(text, jsonPath);
      return make(applyBertSettings(json, config), jsonPath);
    }
    const vocabPath = joinPath(folder, 'vocab.txt');
    if (await exists(vocabPath)) {
      checkVocabularyClass(config, folder);
      return make(wordPieceJson(await readTextAtMost(vocabPath, largestVocabulary), config, vocabPath), vocabPath);
    }
    throw new UserError(`${folder}: has neither tokenizer.json nor vocab.txt; one of them makes the tokenizer`);
  },
};

/** In bytes. The largest vocabularies that BERTs have, of 100 languages, take 2 MB. */
const largestVocabulary = 32 << 20;

/** What special_tokens_map.json says counts, but for its list of further tokens where the configuration has one. */
function mergedConfig(own: Readonly<Record<string, unknown>>, map: Readonly<Record<string, unknown>>) {
  const extra = own.extra_special_tokens ?? own.additional_special_tokens;
  if (extra === undefined) return { ...own, ...map };
  const more = Array.isArray(extra) && Array.isArray(map.extra_special_tokens) ? map.extra_special_tokens : [];
  return { ...own, ...map, extra_special_tokens: Array.isArray(extra) ? [...extra, ...more] : extra };
}

function objectIn(text: string, path: string): Record<string, unknown> {
  const json = parseJson(text, path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new UserError(`${path}: holds no JSON object`);
}
