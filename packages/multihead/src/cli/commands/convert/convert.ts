/** @file What `multihead convert llama2c` does: a llama2.c checkpoint becomes a model folder. */
import { writeTogether } from '#files';
import { modelKey } from '../../../models/core/pretrained.js';
import { readLlama2c } from '../../../models/llama/llama2c.js';
import { readLlama2cTokenizer } from '../../../text/files/llama2c-tokenizer.js';
import { namesOfModel, refuseResults, reportFileNames, scoresFile } from '../../../training/trainer/run-files.js';

/** What the command line gives. */
export interface ConvertArguments {
  readonly checkpoint: string;
  readonly tokenizer: string;
  readonly output: string;
  readonly overwrite?: boolean;
}

/** Runs the command. Both files are read whole before anything is written. */
export async function convertLlama2c({ checkpoint, tokenizer, output, overwrite }: ConvertArguments): Promise<void> {
  if (!overwrite) await refuseResults(output, 'Give another --output, or --overwrite to replace it.');
  const model = await readLlama2c(checkpoint);
  const { vocabSize, maxPositionEmbeddings: maxLength } = model.config;
  const files = (await readLlama2cTokenizer(tokenizer, { vocabSize, maxLength })).files();
  const gone = [...(await namesOfModel(output)), ...reportFileNames, scoresFile];
  await writeTogether(output, { ...files, ...(await model.files()) }, modelKey, gone);
  const { count } = model.weights;
  console.log(`${output}: ${model.constructor.name}, ${count.toLocaleString('en')} parameters, ${vocabSize} tokens`);
}
