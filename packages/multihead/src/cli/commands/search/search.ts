/** @file What `multihead search` does: trains with values that a sampler chooses, and reports which are best. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { makeDirectory } from '#files';
import { UserError } from '../../../platform/errors.js';
import { openStudy } from '../../../search/search.js';
import { openStorage } from '../../../search/storage/open-storage.js';
import type { Trial } from '../../../search/trial.js';
import { taskNamed } from '../../../tasks/registry.js';
import { UnknownMetric } from '../../../training/trainer/best-model.js';
import { trainingOptions } from '../../../training/trainer/options.js';
import { endLaterBy, onSignal, signalInWords } from '../../exit.js';
import { runSettings } from '../../options/run-options.js';
import { refuseOtherTasks } from '../../options/task-options.js';
import type { TrainArguments } from '../train/train.js';
import { FirstFailures } from './first-failures.js';
import { firstTrial } from './first-trial.js';
import { KeptModels } from './kept-models.js';
import { evaluatedIn, type MeasureArguments, measuresOf } from './measured.js';
import { ownOptions } from './own-options.js';
import { pruningNote } from './pruning-note.js';
import { SearchOutput } from './search-output.js';
import { checkPlace, clearPlace, journalIn, refuseOtherStudy } from './search-place.js';
import { readSpace } from './space-file.js';
import { trainTrial } from './training-objective.js';

/** The command's options. */
export interface SearchArguments extends TrainArguments, MeasureArguments {
  readonly space?: string;
  readonly trials: number;
  readonly sampler: string;
  readonly samplerOptions?: Readonly<Record<string, unknown>>;
  readonly pruner: string;
  readonly prunerOptions?: Readonly<Record<string, unknown>>;
  readonly jobs: number;
  readonly storage?: string;
  readonly expireAfter: number;
  readonly study?: string;
  readonly keepModels: 'best' | 'all' | 'none';
}

/** Runs the command. */
export async function searchSettings(name: string, options: SearchArguments, command: Command): Promise<void> {
  const task = taskNamed(name);
  refuseOtherTasks(task, ['reading', 'training', 'settings'], options);
  const space = await readSpace({ file: options.space, task, command, given: { ...options } });
  checkArguments(options);
  const measures = measuresOf(options);
  const { output, sampler, samplerOptions, pruner, prunerOptions, seed } = options;
  const ofStudy = {
    space,
    sampler,
    samplerOptions,
    pruner,
    prunerOptions,
    seed,
    name: options.study ?? task.name,
    direction: measures.map(({ direction }) => direction),
  };
  await openStudy(ofStudy); // in memory: refuses its options before anything is removed or made
  await checkPlace(options);
  const trainArguments = withoutOwn(options);
  const first = () => firstTrial({ task, space, command }, trainArguments, evaluatedIn(measures));
  // Nothing is removed, and no journal begun, for a search that cannot run.
  const prepared = options.storage === undefined && !options.resume ? await first() : undefined;
  if (options.overwrite) await clearPlace(output);
  const storage = openStorage(options.storage ?? journalIn(output), { expireAfter: options.expireAfter });
  const study = await openStudy({ ...ofStudy, storage });
  if (study.trials.length > 0 && !options.resume) {
    await storage.close();
    throw new UserError(
      `${storage.place}: the study ${study.name} has trials already. Give another --study, or --resume to continue it.`,
    );
  }
  if (study.trials.length === 0) await refuseOtherStudy(output, study.name);
  const note = pruningNote(command, space, pruner);
  if (note) console.error(note);
  await makeDirectory(output);
  if (study.trials.length === 0) await study.enqueueFirst(prepared ?? (await first()));
  const shown = new SearchOutput(study, { command, measures, options, task: name });
  const kept = new KeptModels(study, options);
  const stop = new AbortController();
  const stopListening = onSignal((signal) => {
    endLaterBy(signal);
    if (stop.signal.aborted) return;
    shown.close();
    shown.say(`${signalInWords[signal]}: running trials are being saved, and can be resumed`);
    stop.abort();
  });
  const failures = new FirstFailures(study.trials);
  let unknown: UnknownMetric | undefined;
  try {
    const runs = {
      task: name,
      command,
      options: trainArguments,
      measures,
      threads: threadsOf(options),
      signal: stop.signal,
      onProgress: (trial: number, share: number) => shown.advance(trial, share),
    };
    await study.optimize((trial: Trial) => trainTrial(trial, runs), {
      trials: options.trials,
      jobs: options.jobs,
      keepGoing: true,
      signal: stop.signal,
      onTrial(trial, error) {
        shown.trial(trial);
        kept.note(trial);
        failures.note(trial, error);
        if (error instanceof UnknownMetric) unknown = error;
        if (unknown || failures.failure) stop.abort();
      },
    });
  } finally {
    stopListening();
    shown.close();
    for (const error of await kept.settled()) console.error(`not removed: ${(error as Error).message}`);
    await storage.close();
  }
  if (unknown) throw unknown;
  if (failures.failure) throw failures.failure;
  await shown.finished(stop.signal.aborted);
  const last = study.trials.findLast(({ state }) => state === 'failed');
  if (last && !study.trials.some(({ state }) => state === 'complete') && !stop.signal.aborted) {
    throw new UserError(`no trial completed; the last error was: ${last.userAttributes.error}`);
  }
}

function checkArguments(options: SearchArguments): void {
  if (options.pruner !== 'none' && options.objective?.join() === 'seconds') {
    throw new UserError(
      `--pruner ${options.pruner} compares evaluations, and the seconds of --objective are known at the end of a run. Leave out --pruner.`,
    );
  }
  trainingOptions(runSettings(options));
  if (options.dryRun) throw new UserError('--dry-run is for multihead train; a search begins with one by itself');
  if (options.eval === undefined && options.evalSplit === undefined) {
    throw new UserError(
      'a search compares trials by evaluations: give --eval FILE, or --eval-split with a fraction of --train',
    );
  }
  if (options.saveStrategy === 'no')
    throw new UserError('--save-strategy no: an interrupted trial could not be resumed');
  if (!Number.isSafeInteger(options.trials) || options.trials < 1)
    throw new UserError(`--trials is ${options.trials}; a whole number from 1 was expected`);
  if (!Number.isSafeInteger(options.jobs) || options.jobs < 1)
    throw new UserError(`--jobs is ${options.jobs}; a whole number from 1 was expected`);
}

/** The options of `multihead train` among those that were given. */
function withoutOwn(options: SearchArguments): Readonly<Record<string, unknown>> & TrainArguments {
  const own = new Set(ownOptions().map((option) => option.attributeName()));
  const kept = Object.entries(options).filter(([name]) => !own.has(name));
  return Object.fromEntries(kept) as Readonly<Record<string, unknown>> & TrainArguments;
}

/** Processes that train at the same time share the processors. */
const threadsOf = ({ jobs }: SearchArguments): number | undefined =>
  jobs === 1 ? undefined : Math.max(1, Math.floor(availableParallelism() / jobs));
