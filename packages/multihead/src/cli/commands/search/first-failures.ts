/** @file Ends a search whose first trials all fail: their values are hardly the cause. */
import { UserError } from '../../../platform/errors.js';
import type { TrialRecord } from '../../../search/trial-record.js';

const maxFailures = 3;

const hasSucceeded = ({ state }: Pick<TrialRecord, 'state'>): boolean => state === 'complete' || state === 'pruned';

/** The errors of a search's first trials, until one succeeds. */
export class FirstFailures {
  private errors: unknown[] | undefined;

  /** @param trials those that the study has already */
  constructor(trials: readonly Pick<TrialRecord, 'state'>[]) {
    this.errors = trials.some(hasSucceeded) ? undefined : [];
  }

  /** To be called when a trial ends. */
  note(trial: Pick<TrialRecord, 'state'>, error: unknown): void {
    if (hasSucceeded(trial)) this.errors = undefined;
    else if (trial.state === 'failed') this.errors?.push(error);
  }

  /** The error of the search, where too many have failed. */
  get failure(): UserError | undefined {
    if (!this.errors || this.errors.length < maxFailures) return undefined;
    const last = this.errors.at(-1);
    return new UserError(
      `the first ${maxFailures} trials failed; the last error was: ${last instanceof Error ? last.message : String(last)}`,
    );
  }
}
