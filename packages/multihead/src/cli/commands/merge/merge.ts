/** @file What `multihead merge` does: an adapter and its base model become a plain model folder. */
import { realPath, writeTogether } from '#files';
import { adapterKey } from '../../../models/adapters/adapter-config.js';
import { isAdapter, locateModel, tokenizerFolder } from '../../../models/adapters/locate-model.js';
import { modelKey } from '../../../models/core/pretrained.js';
import { loadArchitecture } from '../../../models/load-architecture.js';
import { UserError } from '../../../platform/errors.js';
import { AutoTokenizer } from '../../../text/tokenizer/auto-tokenizer.js';
import { namesOfModel, refuseResults, reportFileNames, scoresFile } from '../../../training/trainer/run-files.js';
import { print } from '../../output/print.js';

/** What the command line gives. */
export interface MergeArguments {
  readonly output: string;
  readonly overwrite?: boolean;
}

/** Runs the command. */
export async function merge(adapter: string, { output, overwrite }: MergeArguments): Promise<void> {
  if (!(await isAdapter(adapter))) throw new UserError(`${adapter}: holds no adapter (${adapterKey})`);
  if (!overwrite) await refuseResults(output, 'Give another --output, or --overwrite to replace it.');
  await refuseBase(adapter, output);
  const model = await loadArchitecture(adapter);
  const tokenizer = await AutoTokenizer.fromPretrained(await tokenizerFolder(adapter));
  await model.adapters.mergeAndUnload();
  const files = { ...tokenizer.files(), ...(await model.files()) };
  const gone = [...(await namesOfModel(output)), ...reportFileNames, scoresFile];
  await writeTogether(output, files, modelKey, gone);
  print(`${output}: ${model.constructor.name}, ${model.weights.count.toLocaleString('en')} parameters`);
  await model.dispose();
}

/** An adapter is of no use with another base model than its own. */
async function refuseBase(adapter: string, output: string): Promise<void> {
  const { folder } = await locateModel(adapter);
  if ((await realPath(folder)) !== (await realPath(output))) return;
  throw new UserError(`${output}: holds the base model of ${adapter}, which needs it as it is. Give another --output.`);
}
