/** @file What `multihead convert llama2c` does: a llama2.c checkpoint becomes a model folder. */
import { exists, joinPath, writeTogether } from '#files';
import { modelKey } from '../../../models/core/pretrained.js';
import { readLlama2c } from '../../../models/llama/llama2c.js';
import { UserError } from '../../../platform/errors.js';
import { readLlama2cTokenizer } from '../../../text/files/llama2c-tokenizer.js';
import { tokenizerFileNames } from '../../../training/trainer/run-files.js';

/** What the command line gives. */
export interface ConvertArguments {
  readonly checkpoint: string;
  readonly tokenizer: string;
  readonly output: string;
  readonly overwrite?: boolean;
}

/** Runs the command. Both files are read whole before anything is written. */
export async function convertLlama2c({ checkpoint, tokenizer, output, overwrite }: ConvertArguments): Promise<void> {
  if (!overwrite && (await exists(joinPath(output, 'model.safetensors')))) {
    throw new UserError(
      `${output}: already holds model.safetensors. Give another --output, or --overwrite to replace it.`,
    );
  }
  const model = await readLlama2c(checkpoint);
  const { vocabSize, maxPositionEmbeddings: maxLength } = model.config;
  const files = (await readLlama2cTokenizer(tokenizer, { vocabSize, maxLength })).files();
  await writeTogether(output, { ...files, ...(await model.files()) }, modelKey, tokenizerFileNames);
  const { count } = model.weights;
  console.log(`${output}: ${model.constructor.name}, ${count.toLocaleString('en')} parameters, ${vocabSize} tokens`);
}
