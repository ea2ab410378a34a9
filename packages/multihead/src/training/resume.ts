/** @file Where a run starts: at its beginning, or where the newest checkpoint of its output folder was. */
import { exists, joinPath } from '#files';
import { UserError } from '../errors.js';
import type { PretrainedModel } from '../models/pretrained.js';
import {
  checkSettings,
  holdsEndedRun,
  holdsRun,
  latestCheckpoint,
  type RunState,
  readRunState,
  restoreOptimizer,
  restoreWeights,
} from './checkpoint.js';
import { noPlateau } from './plateau.js';
import type { TrainingStep } from './training-step.js';

/** A run before its first step. */
export const freshState = (settings: RunState['settings']): RunState => ({
  ...{ step: 0, epoch: 0, stepInEpoch: 0, lossSum: 0, epochLoss: 0, seconds: 0, settings },
  ...{ best: null, evaluationsWithoutGain: 0, isStopped: false, plateau: noPlateau },
});

/**
 * The place at which a run goes on, with weights and optimizer put back; its beginning where it has not come far enough.
 *
 * @param settings what the run is made with now; it must be what it began with
 * @throws UserError where the folder holds no run of these settings
 */
export async function resumedState(
  output: string,
  model: PretrainedModel,
  { engine }: TrainingStep,
  settings: RunState['settings'],
): Promise<RunState> {
  const fresh = freshState(settings);
  const checkpoint = (await holdsEndedRun(output)) ? undefined : await latestCheckpoint(output);
  const place = checkpoint ?? output;
  if (!checkpoint && !(await holdsRun(output))) {
    if (!(await exists(joinPath(output, 'model.safetensors')))) return fresh;
    throw new UserError(`${output}: holds a model, but no run that could go on. Give another output folder.`);
  }
  const state = await readRunState(place);
  checkSettings(place, state, settings);
  if (state.step === 0) return fresh;
  await restoreWeights(joinPath(place, 'model.safetensors'), engine, model.weights.places);
  if (checkpoint) await restoreOptimizer(checkpoint, engine);
  return state;
}
