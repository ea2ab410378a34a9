/** @file `multihead convert llama2c`. */
import { writeTogether } from '#files';
import { modelKey } from '../../../../models/core/pretrained.js';
import { readLlama2c } from '../../../../models/llama/llama2c.js';
import { readLlama2cTokenizer } from '../../../../text/files/llama2c-tokenizer.js';
import type { Imported, ImportTarget } from './importer.js';

/** Converts a checkpoint and its tokenizer. Both files are read whole before anything is written. */
export async function convertLlama2c(
  { checkpoint, tokenizer }: Readonly<Record<string, string | undefined>>,
  { output, gone }: ImportTarget,
): Promise<Imported> {
  const model = await readLlama2c(checkpoint as string);
  const { vocabSize, maxPositionEmbeddings: maxLength } = model.config;
  const files = (await readLlama2cTokenizer(tokenizer as string, { vocabSize, maxLength })).files();
  await writeTogether(output, { ...files, ...(await model.files()) }, modelKey, gone);
  return { model: model.constructor.name, parameters: model.weights.count, vocabSize };
}
