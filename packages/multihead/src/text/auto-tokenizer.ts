/** @file Tokenizers from folders in Hugging Face's layout. */
import { exists, joinPath, readTextAtMost } from '#files';
import { resolveModel } from '#hub';
import { parseJson } from '../data/json.js';
import { UserError } from '../errors.js';
import type { ResolveOptions } from '../hub/options.js';
import { applyBertSettings } from './bert-settings.js';
import { Tokenizer } from './tokenizer.js';
import { checkTokenizerJson } from './tokenizer-json.js';
import { wordPieceJson } from './word-piece.js';

/**
 * Loads tokenizers.
 *
 * @example
 * const tokenizer = await AutoTokenizer.fromPretrained('models/minilm');
 */
export const AutoTokenizer = {
  /**
   * Reads `tokenizer.json`, or makes BERT's WordPiece tokenizer of `vocab.txt`; with `tokenizer_config.json` and
   * `special_tokens_map.json` if they are there. Settings of a BERT tokenizer in tokenizer_config.json
   * (`do_lower_case`, `strip_accents`, `tokenize_chinese_chars`) win over tokenizer.json's, as in Python.
   *
   * @param idOrFolder a folder, or a model of the hub by its id; in browsers its address
   * @throws UserError where the folder has neither file, and for a file that cannot be understood: by name, line and
   *   column where it is not JSON, and by what it lacks
   * @example
   * const tokenizer = await AutoTokenizer.fromPretrained('models/minilm');
   */
  async fromPretrained(idOrFolder: string, options: ResolveOptions = {}): Promise<Tokenizer> {
    const folder = await resolveModel(idOrFolder, { parts: 'tokenizer', ...options });
    const read = async (name: string) => {
      const path = joinPath(folder, name);
      return (await exists(path)) ? readObject(path) : {};
    };
    const config = { ...(await read('special_tokens_map.json')), ...(await read('tokenizer_config.json')) };
    const jsonPath = joinPath(folder, 'tokenizer.json');
    if (await exists(jsonPath)) {
      const json = checkTokenizerJson(await readObject(jsonPath), jsonPath);
      return new Tokenizer({ json: applyBertSettings(json, config), config, where: jsonPath });
    }
    const vocabPath = joinPath(folder, 'vocab.txt');
    if (await exists(vocabPath)) {
      const json = wordPieceJson(await readTextAtMost(vocabPath, largestVocabulary), config, vocabPath);
      return new Tokenizer({ json, config, where: vocabPath });
    }
    throw new UserError(`${folder}: has neither tokenizer.json nor vocab.txt; one of them makes the tokenizer`);
  },
};

/** In bytes. The largest vocabularies that BERTs have, of 100 languages, take 2 MB. */
const largestVocabulary = 32 << 20;

async function readObject(path: string): Promise<Record<string, unknown>> {
  const json = parseJson(await readTextAtMost(path), path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new UserError(`${path}: holds no JSON object`);
}
