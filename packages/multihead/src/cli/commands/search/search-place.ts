/** @file Where a search writes: what it refuses to replace, and what `--overwrite` removes. */
import { join } from 'node:path';
import { exists, listDirectory, realPath, remove } from '#files';
import { UserError } from '../../../platform/errors.js';
import { isOwned, namesOfModel, refuseResults } from '../../../training/trainer/run-files.js';
import { checkOutput } from '../../options/run-options.js';
import type { TrainArguments } from '../train/train.js';

/** The options that say where a search writes. */
export interface PlaceArguments extends TrainArguments {
  readonly storage?: string;
}

const trialPattern = /^trial-\d+$/;

/** The journal of a search that was given no storage. */
export const journalIn = (output: string): string => join(output, 'search.journal');

/**
 * Refuses an output folder that holds an earlier search, a model or a run, unless these are to be resumed or replaced.
 *
 * @throws UserError that says which options would do that
 */
export async function checkPlace(options: PlaceArguments): Promise<void> {
  const { output, storage, model, resume, overwrite } = options;
  if (overwrite && storage !== undefined) {
    throw new UserError(
      '--overwrite does not go with --storage, whose studies other workers may share: name another study with --study, ' +
        'or delete the old one there',
    );
  }
  if (overwrite && model !== undefined && (await realPath(model)) === (await realPath(output))) {
    throw new UserError(`${output}: is the folder of --model, which --overwrite would remove. Give another --output.`);
  }
  if (!resume && !overwrite) await refuseSearch(output, storage);
  await checkOutput(options);
}

async function refuseSearch(output: string, storage: string | undefined): Promise<void> {
  const replace = storage === undefined ? ', or --overwrite to replace it' : '';
  const remedy = `Give another --output, --resume to continue it${replace}.`;
  const journal = journalIn(output);
  if (storage === undefined && (await exists(journal))) {
    throw new UserError(`${journal}: holds a search already. ${remedy}`);
  }
  const [trial] = await trialFolders(output);
  if (trial !== undefined) throw new UserError(`${output}: already holds ${trial} of a search. ${remedy}`);
  await refuseResults(output, `Give another --output${replace}.`);
}

/**
 * Refuses the output folder of another study for one that has no trials yet, whose folders would have the same names.
 *
 * @throws UserError that names the study, and a trial's folder
 */
export async function refuseOtherStudy(output: string, study: string): Promise<void> {
  const [trial] = await trialFolders(output);
  if (trial === undefined) return;
  throw new UserError(
    `${output}: already holds ${trial} of another study; ${study} has no trials yet. Give it another --output.`,
  );
}

const trialFolders = async (output: string): Promise<string[]> =>
  (await exists(output)) ? (await listDirectory(output)).filter((name) => trialPattern.test(name)) : [];

/** Removes an earlier search from its output folder, and a model or a run that lies there. Other files stay. */
export async function clearPlace(output: string): Promise<void> {
  if (!(await exists(output))) return;
  const names = (await listDirectory(output)).filter((name) => isOwned(name) && name !== 'run.lock');
  const gone = new Set([...(await trialFolders(output)), ...names, ...(await namesOfModel(output))]);
  for (const name of gone) await remove(join(output, name));
  await remove(journalIn(output));
}
