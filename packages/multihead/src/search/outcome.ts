/** @file How a trial ends: with values, pruned, failed or given back; and how that is written. */
import { UserError } from '../platform/errors.js';
import { showValue } from '../platform/show-value.js';
import type { StoredStudy } from './storage/storage.js';
import type { Trial } from './trial.js';
import { lastStep, type TrialRecord } from './trial-record.js';

/** What an objective gives: a number, or one for each objective. */
export type ObjectiveResult = number | readonly number[];

/** How a trial ends that has no value: pruned, failed, or interrupted, so that the next worker takes it with its values. */
export type EndWithoutValue =
  | { readonly state: 'pruned' }
  | { readonly state: 'failed'; readonly error?: unknown }
  | { readonly state: 'waiting' };

/** How a trial ends. */
export type Outcome = EndWithoutValue | { readonly state: 'complete'; readonly values: readonly number[] };

/** A trial, whatever its parameters are. */
export type RunningTrial = Pick<Trial, 'id' | 'number' | 'setAttribute' | 'flush'>;

/**
 * The outcome of a trial with a result.
 *
 * @throws UserError for results that are not numbers, one for each objective
 */
export function completeOutcome(number: number, result: unknown, { directions }: StoredStudy): Outcome {
  const values: readonly unknown[] = Array.isArray(result) ? result : [result];
  const { length } = directions;
  if (values.length !== length || values.some((value) => typeof value !== 'number')) {
    const expected = length === 1 ? 'a number was' : `${length} numbers were`;
    throw new UserError(`trial ${number}: the objective returned ${showValue(result)}; ${expected} expected`);
  }
  if (values.some(Number.isNaN)) {
    throw new UserError(
      `trial ${number}: the objective returned ${values.map(String).join(', ')}, which cannot be compared`,
    );
  }
  return { state: 'complete', values: values as readonly number[] };
}

/**
 * The outcome of a trial as a program tells it.
 *
 * @throws UserError for results that are not numbers, one for each objective, and for a state that does not end a trial
 */
export function toldOutcome(number: number, result: ObjectiveResult | EndWithoutValue, study: StoredStudy): Outcome {
  if (typeof result !== 'object' || result === null || !('state' in result)) {
    return completeOutcome(number, result, study);
  }
  if (endStates.includes(result.state)) return result;
  throw new UserError(
    `trial ${number}: state is ${showValue(result.state)}; it must be one of ${endStates.join(', ')}. A complete trial has values.`,
  );
}

const endStates = ['pruned', 'failed', 'waiting'];

/** Writes how a trial ended. A pruned one has the value that it reported last, as in Optuna. */
export async function writeOutcome(study: StoredStudy, trial: RunningTrial, outcome: Outcome): Promise<void> {
  const { state } = outcome;
  if (state === 'failed' && 'error' in outcome) {
    const { error } = outcome;
    trial.setAttribute('error', error instanceof Error ? error.message : String(error));
  }
  const reported = state === 'pruned' ? await lastReported(study, trial) : undefined;
  await trial.flush({ type: 'state', state, values: state === 'complete' ? outcome.values : reported });
}

async function lastReported(study: StoredStudy, trial: RunningTrial): Promise<readonly number[] | undefined> {
  await trial.flush();
  const record = (await study.trials())[trial.number] as TrialRecord;
  const step = lastStep(record);
  const value = step === undefined ? Number.NaN : (record.intermediateValues.get(step) as number);
  return Number.isFinite(value) ? [value] : undefined;
}
