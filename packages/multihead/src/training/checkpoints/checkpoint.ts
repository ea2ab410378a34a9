/**
 * @file Checkpoints: everything that is needed to resume a run with bit-identical results.
 *
 * A checkpoint is a folder `checkpoint-N` (N steps done) with weights, optimizer and place in the run. It is written
 * beside its name and renamed, so a folder with that name is whole; older ones are deleted only after that.
 */
import {
  exists,
  joinPath,
  listDirectory,
  makeDirectory,
  move,
  partialPath,
  readText,
  remove,
  writeAtomically,
} from '#files';
import type { Engine, TensorValue } from '../../engine/engine.js';
import { SafetensorsFile, writeSafetensors } from '../../models/checkpoint/safetensors.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { noPlateau, type Plateau } from '../schedules/plateau.js';
import { defaultTrainingOptions } from '../trainer/options.js';
import { abandonedIn, checkpointPattern, stateFile } from '../trainer/run-files.js';

/** State of a run. Together with the seed, it determines the order of the data and the dropout masks. */
export interface RunState {
  /** Optimizer steps done. */
  readonly step: number;
  /** The current or next epoch, from 0, and the number of its steps that are done. */
  readonly epoch: number;
  readonly stepInEpoch: number;
  /** Best value of the metric for the best model; null before the first evaluation. */
  readonly best: number | null;
  /** Number of consecutive evaluations without a better model. */
  readonly evaluationsWithoutGain: number;
  /** State of the schedule reduce_lr_on_plateau. */
  readonly plateau: Plateau;
  /** Whether the run was stopped before its last step, by early stopping or a listener. */
  readonly isStopped: boolean;
  /** Sum of the losses of this epoch's steps. */
  readonly lossSum: number;
  /** Mean loss over the last whole epoch, 0 before its end. */
  readonly epochLoss: number;
  /** Time spent training, before this start and after. */
  readonly seconds: number;
  /** The settings that the run began with; a resumed run must have the same. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const optimizerFile = 'optimizer.safetensors';

/** Names in messages of settings whose values mean nothing to a reader. */
const marks: Readonly<Record<string, string>> = {
  trainingData: 'other training data, or another maximum length',
  evaluationData: 'other evaluation data',
  trainingGraph: 'another model or loss (dropout rates, label smoothing, class weights)',
};

/** State that earlier versions did not save. */
const stateOfOlderRuns: Partial<RunState> = { evaluationsWithoutGain: 0, isStopped: false, plateau: noPlateau };

/** Writes a checkpoint and removes all but the newest `keep`. Returns its path. */
export async function writeCheckpoint(
  output: string,
  model: PretrainedModel,
  engine: Engine,
  state: RunState,
  keep = 1,
): Promise<string> {
  const path = joinPath(output, `checkpoint-${state.step}`);
  const partial = partialPath(path);
  try {
    await writeInto(partial, model, engine, state);
  } catch (error) {
    await remove(partial); // a disk that is full has better uses for the room
    throw error;
  }
  if (await exists(path)) await removeCheckpoint(path);
  await move(partial, path);
  const older = (await checkpointSteps(output)).filter((step) => step !== state.step);
  for (const step of older.slice(keep - 1)) await removeCheckpoint(joinPath(output, `checkpoint-${step}`));
  return path;
}

async function writeInto(folder: string, model: PretrainedModel, engine: Engine, state: RunState): Promise<void> {
  await makeDirectory(folder);
  await model.saveTrainable(joinPath(folder, 'model.safetensors'));
  const { steps, tensors } = await engine.readOptimizer();
  await writeSafetensors(
    joinPath(folder, optimizerFile),
    Object.entries(tensors).map(([name, { shape, data }]) => ({
      name,
      dtype: 'F32',
      shape,
      data: data as Float32Array<ArrayBuffer>,
    })),
    { optimizer: String(state.settings.optim), steps: String(steps) },
  );
  await writeRunState(folder, state);
}

/** Returns the steps of a folder's checkpoints, newest first. */
async function checkpointSteps(output: string): Promise<number[]> {
  const names = await listDirectory(output);
  return names
    .flatMap((name) => checkpointPattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/** Finds the newest checkpoint of an output folder; undefined if there is none. */
export async function latestCheckpoint(output: string): Promise<string | undefined> {
  if (!(await exists(output))) return undefined;
  const [newest] = await checkpointSteps(output);
  return newest === undefined ? undefined : joinPath(output, `checkpoint-${newest}`);
}

/** Whether a run has begun in an output folder. */
export function holdsRun(output: string): Promise<boolean> {
  return exists(joinPath(output, stateFile));
}

/** Whether the run of an output folder has ended; the folder's own state is then that of the last step. */
export async function holdsEndedRun(output: string): Promise<boolean> {
  return (await holdsRun(output)) && (await readRunState(output)).step > 0;
}

/** Removes incomplete files of killed processes and, if requested, checkpoints that are no longer needed. */
export async function cleanUp(output: string, { checkpoints }: { checkpoints: boolean }): Promise<void> {
  for (const path of await abandonedIn(output)) await remove(path);
  if (!checkpoints) return;
  for (const step of await checkpointSteps(output)) await removeCheckpoint(joinPath(output, `checkpoint-${step}`));
}

/**
 * Renames the checkpoint before removing it, so that a killed process leaves no partial checkpoint for a resumed run to
 * find.
 */
async function removeCheckpoint(path: string): Promise<void> {
  const removed = partialPath(path);
  await move(path, removed);
  await remove(removed);
}

/** Writes the state of a run to a folder. */
export function writeRunState(folder: string, state: RunState): Promise<void> {
  return writeAtomically(joinPath(folder, stateFile), `${JSON.stringify(state, null, 2)}\n`);
}

/** Reads the state of a run. */
export async function readRunState(checkpoint: string): Promise<RunState> {
  const path = joinPath(checkpoint, stateFile);
  const state = parseJson(await readText(path), path) as RunState | null;
  const isWhole =
    Number.isInteger(state?.step) && Number.isInteger(state?.epoch) && typeof state?.settings === 'object';
  if (isWhole) return { ...stateOfOlderRuns, ...state } as RunState;
  throw new UserError(`${path}: does not say where the run was. Remove ${checkpoint} and start the run anew.`);
}

/** The settings that determine a run's length. */
const lengthNames = new Set(['epochs', 'maxSteps']);

/**
 * Throws if a run is resumed with settings other than those it began with.
 *
 * @param exceptLength whether the run may be longer than it was
 */
export function checkSettings(
  checkpoint: string,
  { settings }: RunState,
  now: Readonly<Record<string, unknown>>,
  { exceptLength = false }: { readonly exceptLength?: boolean } = {},
): void {
  for (const [name, value] of Object.entries(now)) {
    if (exceptLength && lengthNames.has(name)) continue;
    // What a run of an earlier version did not know was as it is by default.
    const then = name in settings ? settings[name] : (defaultTrainingOptions as unknown as typeof now)[name];
    const [before, after] = [JSON.stringify(then), JSON.stringify(value)];
    if (before === after) continue;
    const difference = marks[name] ?? `${name} = ${before}, now it is ${after}`;
    throw new UserError(
      `${checkpoint}: the run began with ${difference}. Resume with the same settings, or start anew in another output folder.`,
    );
  }
}

/**
 * Restores the optimizer's state from a checkpoint.
 *
 * @param expected the state tensors that the optimizer keeps
 */
export async function restoreOptimizer(
  checkpoint: string,
  engine: Engine,
  expected: readonly { readonly name: string; readonly shape: readonly number[] }[],
): Promise<void> {
  const path = joinPath(checkpoint, optimizerFile);
  const file = await SafetensorsFile.open(path);
  if (file.names.includes('first_moment')) {
    throw new UserError(
      `${path}: was written by an earlier version of Multihead, which named the optimizer's state otherwise. ` +
        'Resume with that version, or start anew in another output folder.',
    );
  }
  const tensors: Record<string, TensorValue> = {};
  for (const { name, shape } of expected) {
    const found = file.names.includes(name) ? file.info(name).shape : undefined;
    if (`${found}` !== `${shape}`) {
      const instead = found ? `it is [${found}]` : 'there is none';
      throw new UserError(
        `${path}: the optimizer's state ${name} of shape [${shape}] was expected, but ${instead}. ` +
          'Start anew in another output folder.',
      );
    }
    tensors[name] = { dtype: 'float32', shape, data: await file.readFloat32(name) };
  }
  await engine.writeOptimizer({ steps: Number(file.metadata.steps), tensors });
}
