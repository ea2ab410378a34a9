/** @file Which distributions of one parameter may stand in one study: Optuna's rule (check_distribution_compatibility). */
import { UserError } from '../../platform/errors.js';
import { showValue } from '../../platform/show-value.js';
import type { TrialRecord } from '../trial-record.js';
import { type Distribution, isSameDistribution } from './distribution.js';

/** A parameter has another distribution than in earlier trials of the study. */
export class IncompatibleDistribution extends UserError {}

/** Whether a parameter may change in this way: its limits may, but not its type, its choices or its logarithm. */
export function isCompatible(a: Distribution, b: Distribution): boolean {
  if (a.type !== b.type) return false;
  return a.type === 'categorical' || b.type === 'categorical' ? isSameDistribution(a, b) : !a.log === !b.log;
}

/**
 * Refuses a parameter that the earlier trials of a study drew from an incompatible distribution.
 *
 * @param of what the message begins with: the study, or the trial
 * @throws IncompatibleDistribution that names the parameter and both distributions
 */
export function checkCompatible(
  of: string,
  trials: readonly Pick<TrialRecord, 'number' | 'distributions'>[],
  name: string,
  distribution: Distribution,
): void {
  const earlier = trials.find(({ distributions }) => Object.hasOwn(distributions, name));
  const known = earlier?.distributions[name];
  if (!earlier || !known || isCompatible(known, distribution)) return;
  throw new IncompatibleDistribution(
    `${of}: ${name} is ${shownDistribution(distribution)}, but trial ${earlier.number} of the study drew it from ` +
      `${shownDistribution(known)}. Within a study, only the limits of a number may change: give another study name or ` +
      'storage, or the earlier distribution.',
  );
}

/** A distribution in words: `an int from 1 to 8`, `one of 8, 16, 32`. */
export function shownDistribution(distribution: Distribution): string {
  if (distribution.type === 'categorical') return `one of ${distribution.choices.map(showValue).join(', ')}`;
  const { type, low, high, log, step } = distribution;
  const drawn = log ? ' on a logarithmic scale' : step === undefined ? '' : ` in steps of ${step}`;
  return `${type === 'int' ? 'an int' : 'a float'} from ${low} to ${high}${drawn}`;
}
