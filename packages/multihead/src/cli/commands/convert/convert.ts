/** @file What `multihead convert NAME` does: an importer's files become a model folder. */
import { namesOfModel, refuseResults, reportFileNames, scoresFile } from '../../../training/trainer/run-files.js';
import type { Importer } from './importers/importer.js';

/** What the command line gives besides the importer's own options. */
export interface ConvertArguments extends Readonly<Record<string, string | boolean | undefined>> {
  readonly output: string;
  readonly overwrite?: boolean;
}

/** Runs an importer. */
export async function convert(importer: Importer, given: ConvertArguments): Promise<void> {
  const { output, overwrite, ...options } = given;
  if (!overwrite) await refuseResults(output, 'Give another --output, or --overwrite to replace it.');
  const gone = [...(await namesOfModel(output)), ...reportFileNames, scoresFile];
  const own = options as Readonly<Record<string, string | undefined>>;
  const { model, parameters, vocabSize } = await importer.convert(own, { output, gone });
  console.log(`${output}: ${model}, ${parameters.toLocaleString('en')} parameters, ${vocabSize} tokens`);
}
