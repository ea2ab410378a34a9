/** @file Tokenizers from folders in Hugging Face's layout. */
import { exists, joinPath, readText } from '#files';
import { parseJson } from '../data/json.js';
import { UserError } from '../errors.js';
import { Tokenizer } from './tokenizer.js';
import { type WordPieceOptions, wordPieceJson } from './word-piece.js';

/** Loads tokenizers. */
export const AutoTokenizer = {
  /**
   * Reads `tokenizer.json`, or makes BERT's WordPiece tokenizer of `vocab.txt`; with `tokenizer_config.json` if there.
   *
   * @throws UserError where the folder has neither, and for a file that cannot be understood
   * @example
   * const tokenizer = await AutoTokenizer.fromPretrained('models/minilm');
   */
  async fromPretrained(folder: string): Promise<Tokenizer> {
    const configPath = joinPath(folder, 'tokenizer_config.json');
    const config = (await exists(configPath)) ? await readObject(configPath) : {};
    const jsonPath = joinPath(folder, 'tokenizer.json');
    if (await exists(jsonPath)) {
      return new Tokenizer({ tokenizerJson: JSON.stringify(await readObject(jsonPath)), config, where: jsonPath });
    }
    const vocabPath = joinPath(folder, 'vocab.txt');
    if (await exists(vocabPath)) {
      const json = wordPieceJson(await readText(vocabPath), config as WordPieceOptions, vocabPath);
      return new Tokenizer({ tokenizerJson: JSON.stringify(json), config, where: vocabPath });
    }
    throw new UserError(`${folder}: has neither tokenizer.json nor vocab.txt; one of them makes the tokenizer`);
  },
};

async function readObject(path: string): Promise<Record<string, unknown>> {
  const json = parseJson(await readText(path), path);
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new UserError(`${path}: holds no JSON object`);
}
