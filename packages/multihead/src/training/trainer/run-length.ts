/** @file The number of steps of a run, and whether a resumed run is extended. */
import type { RunState } from '../checkpoints/checkpoint.js';

/** The settings that determine a run's length. */
export interface LengthSettings {
  readonly features: number;
  readonly batchSize: number;
  readonly gradientAccumulationSteps: number;
  readonly epochs: number;
  readonly maxSteps: number;
}

/**
 * Returns the optimizer steps of an epoch and of the whole run: `maxSteps` unless it is 0, else those of all epochs.
 */
export function runLength(settings: LengthSettings): { readonly stepsPerEpoch: number; readonly totalSteps: number } {
  const { features, batchSize, gradientAccumulationSteps, epochs, maxSteps } = settings;
  const stepsPerEpoch = Math.ceil(Math.ceil(features / batchSize) / gradientAccumulationSteps);
  return { stepsPerEpoch, totalSteps: maxSteps > 0 ? maxSteps : stepsPerEpoch * epochs };
}

/** Extension of a run. */
export interface Extension {
  /** Its original number of steps. */
  readonly previousTotalSteps: number;
  /** Whether the optimizer is reset, because the run had ended and no checkpoint of its end was kept. */
  readonly hasFreshOptimizer: boolean;
}

/** The steps of a run that was begun with fewer than it is to have now; undefined where it is as long as it was. */
export function shorterLength(then: RunState['settings'], now: RunState['settings']): number | undefined {
  const before = runLength({ ...now, ...then } as unknown as LengthSettings).totalSteps;
  return before < runLength(now as unknown as LengthSettings).totalSteps ? before : undefined;
}

/**
 * The place of an ended run in its epochs, from which it continues. (The end of a run counts as the end of an epoch, also
 * where `maxSteps` ended it in the middle of one.)
 */
export function reopened(state: RunState): RunState {
  const { stepsPerEpoch } = runLength(state.settings as unknown as LengthSettings);
  const stepInEpoch = state.step % stepsPerEpoch;
  const epoch = Math.floor(state.step / stepsPerEpoch);
  return { ...state, epoch, stepInEpoch, lossSum: stepInEpoch * state.epochLoss };
}
