/** @file What `multihead merge` does: an adapter and its base model become a plain model folder. */
import { realPath, writeTogether } from '#files';
import { adapterKey } from '../../../models/adapters/adapter-config.js';
import { isAdapter, locateModel, tokenizerFolder } from '../../../models/adapters/locate-model.js';
import { AutoConfig } from '../../../models/auto-config.js';
import { loadPretrained } from '../../../models/core/load-pretrained.js';
import { type ModelClass, modelKey, type PretrainedModel } from '../../../models/core/pretrained.js';
import type { AnyModelClass } from '../../../models/family.js';
import { familyOf } from '../../../models/registry.js';
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
  const model = await loadAsNamed(adapter);
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

/** An adapter's model, of the class that its configuration names. */
async function loadAsNamed(adapter: string): Promise<PretrainedModel> {
  const { modelType, architectures } = await AutoConfig.fromPretrained(adapter);
  const { base, heads } = familyOf(modelType, adapter);
  const classes: readonly AnyModelClass[] = [...(base ? [base] : []), ...Object.values(heads)];
  const found = classes.find(({ name }) => architectures.includes(name));
  if (found) return loadPretrained(found as unknown as ModelClass<PretrainedModel>, adapter);
  throw new UserError(
    `${adapter}: the configuration names ${architectures.join(', ') || 'no architecture'}; Multihead has ` +
      classes.map(({ name }) => name).join(', '),
  );
}
