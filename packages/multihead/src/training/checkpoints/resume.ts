/** @file Determines where a run starts: at its beginning, or at the newest checkpoint of its output folder. */
import { exists, joinPath } from '#files';
import { adapterWeights } from '../../models/adapters/adapter-config.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { UserError } from '../../platform/errors.js';
import type { PreparedMethod } from '../methods/method.js';
import { noPlateau } from '../schedules/plateau.js';
import type { TrainingStep } from '../step/training-step.js';
import { type Extension, reopened, shorterLength } from '../trainer/run-length.js';
import {
  checkSettings,
  holdsEndedRun,
  holdsRun,
  latestCheckpoint,
  type RunState,
  readRunState,
  restoreOptimizer,
} from './checkpoint.js';
import { restoreWeights } from './restore-weights.js';

/** A run before its first step. */
export const freshState = (settings: RunState['settings']): RunState => ({
  step: 0,
  epoch: 0,
  stepInEpoch: 0,
  lossSum: 0,
  epochLoss: 0,
  seconds: 0,
  settings,
  best: null,
  evaluationsWithoutGain: 0,
  isStopped: false,
  plateau: noPlateau,
});

/**
 * Restores weights and optimizer of a run, and returns the state from which it continues: its beginning if there is no
 * checkpoint yet.
 *
 * A run may be resumed with more epochs or steps than it began with, also after its end: from its last checkpoint where that
 * was kept (`saveTotalLimit`), else from the saved model, with a fresh optimizer.
 *
 * @param settings what the run is made with now; but for a greater length, it must be what it began with
 * @throws UserError where the folder holds no run of these settings
 */
export async function resumedState(
  output: string,
  { model, method }: { readonly model: PretrainedModel; readonly method: PreparedMethod },
  { engine, optimizerState }: TrainingStep,
  settings: RunState['settings'],
): Promise<{ readonly state: RunState; readonly extension?: Extension }> {
  const fresh = freshState(settings);
  const ended = (await holdsEndedRun(output)) ? await readRunState(output) : undefined;
  const previousTotalSteps = ended && shorterLength(ended.settings, settings);
  const isOver = ended && previousTotalSteps === undefined;
  const checkpoint = isOver ? undefined : await newestCheckpointFrom(output, ended?.step ?? 0);
  const place = checkpoint ?? output;
  if (!checkpoint && !(await holdsRun(output))) {
    if (!(await holdsModel(output))) return { state: fresh };
    throw new UserError(`${output}: holds a model, but no run that could be resumed. Give another output folder.`);
  }
  const found = await readRunState(place);
  const shorter = shorterLength(found.settings, settings);
  checkSettings(place, found, settings, { exceptLength: shorter !== undefined });
  if (found.step === 0) return { state: fresh };
  if (checkpoint) {
    await restoreWeights(joinPath(checkpoint, 'model.safetensors'), engine, learnedPlaces(model));
    await restoreOptimizer(checkpoint, engine, optimizerState);
  } else await method.load(output);
  if (shorter === undefined) return { state: found };
  const state = { ...found, settings };
  return {
    state: found.step === ended?.step ? reopened(state) : state,
    extension: { previousTotalSteps: shorter, hasFreshOptimizer: checkpoint === undefined },
  };
}

/** Positions of the trainable parameters, which checkpoints save. */
const learnedPlaces = ({ weights: { places, laidOut } }: PretrainedModel) =>
  places.filter((_, i) => laidOut[i]?.trainable);

/** Whether a folder holds weights, of a whole model or of an adapter. */
const holdsModel = async (folder: string): Promise<boolean> =>
  (await exists(joinPath(folder, 'model.safetensors'))) || exists(joinPath(folder, adapterWeights));

/** The newest checkpoint, unless the run has come further than it. */
async function newestCheckpointFrom(output: string, step: number): Promise<string | undefined> {
  const newest = await latestCheckpoint(output);
  return newest !== undefined && (await readRunState(newest)).step >= step ? newest : undefined;
}
