/** @file Runs the objective of a trial, and writes how the trial ended. */
import { completeOutcome, type EndWithoutValue, type ObjectiveResult, type Outcome, writeOutcome } from './outcome.js';
import { IncompatibleDistribution } from './space/compatible.js';
import { type StoredStudy, TrialLost } from './storage/storage.js';
import { type Trial, TrialInterrupted, TrialPruned } from './trial.js';
import type { AnyParams } from './trial-record.js';

/** The function to minimize or maximize. */
export type Objective<Params = AnyParams> = (trial: Trial<Params>) => ObjectiveResult | Promise<ObjectiveResult>;

/** An error that ended a trial. */
export interface Failure {
  readonly error: unknown;
}

/**
 * Runs the objective of a trial, and writes how the trial ended.
 *
 * @param onBegin called when the trial has its values; where it fails, the trial is given back
 * @returns the error that ended the trial, if one did
 * @throws the error of `onBegin`, and errors of the storage
 */
export async function runTrial<Params>(
  stored: StoredStudy,
  trial: Trial<Params>,
  objective: Objective<Params>,
  onBegin: () => Promise<unknown>,
): Promise<Failure | undefined> {
  const failed = await outcomeOf(() => trial.begin());
  if (failed) return writeEnd(stored, trial, failed);
  try {
    await onBegin();
  } catch (error) {
    await writeOutcome(stored, trial, { state: 'waiting' }); // the listener failed, not the trial
    throw error;
  }
  const outcome = await outcomeOf(async () => completeOutcome(trial.number, await objective(trial), stored));
  return writeEnd(stored, trial, outcome);
}

async function writeEnd<Params>(
  stored: StoredStudy,
  trial: Trial<Params>,
  outcome: Outcome,
): Promise<Failure | undefined> {
  if (outcome.state === 'failed' && outcome.error instanceof TrialLost) return { error: outcome.error };
  try {
    await writeOutcome(stored, trial, outcome);
  } catch (error) {
    if (error instanceof TrialLost) return { error };
    if (!(error instanceof IncompatibleDistribution)) throw error;
    await writeOutcome(stored, trial, { state: 'failed', error });
    return { error };
  }
  return outcome.state === 'failed' ? { error: outcome.error } : undefined;
}

/** What a function returns, or how the trial ends if it throws. */
async function outcomeOf<Result>(run: () => Promise<Result>): Promise<Result | EndWithoutValue> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof TrialInterrupted) return { state: 'waiting' };
    return error instanceof TrialPruned ? { state: 'pruned' } : { state: 'failed', error };
  }
}
