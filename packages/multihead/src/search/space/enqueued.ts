/** @file Values of trials that are enqueued: of parameters that there are, and within their distributions. */
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { showValue } from '../../platform/show-value.js';
import { shownDistribution } from './compatible.js';
import { contains, type Distribution, type ParamValue } from './distribution.js';
import { type Condition, isActive, type SearchSpace } from './search-space.js';

/**
 * Checks the values of a trial that is enqueued.
 *
 * @param space the declared space; without one, values are checked where the objective suggests their parameters
 * @throws UserError for parameters that the space does not have, for values that it excludes, and for conditional parameters
 *   whose condition the other values do not meet
 */
export function checkEnqueued(params: Readonly<Record<string, ParamValue>>, space: SearchSpace | undefined): void {
  if (!space) return;
  for (const [name, value] of Object.entries(params)) {
    const entry = Object.hasOwn(space, name) ? space[name] : undefined;
    if (entry) {
      checkEnqueuedValue('enqueue', name, value, entry);
      if (!isActive(entry, params)) throw inactive(name, entry.when ?? {});
      continue;
    }
    const names = Object.keys(space);
    const likely = likelyName(name, names);
    const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
    throw new UserError(`enqueue: the space has no parameter "${name}"; it has: ${names.join(', ')}${hint}`);
  }
}

/** The error of a conditional parameter whose condition the other values do not meet: its value would be ignored. */
function inactive(name: string, when: Condition): UserError {
  const needed = Object.entries(when).map(([other, values]) => {
    const shown = [values].flat().map(showValue);
    return `${other} is ${shown.join(' or ')}`;
  });
  return new UserError(
    `enqueue: ${name} has a value only where ${needed.join(' and ')}. Enqueue that as well, or leave ${name} out.`,
  );
}

/** @throws UserError for a value that its distribution excludes */
export function checkEnqueuedValue(of: string, name: string, value: unknown, distribution: Distribution): void {
  if (contains(distribution, value)) return;
  throw new UserError(
    `${of}: the enqueued value of ${name} is ${showValue(value)}; ${shownDistribution(distribution)} was expected. ` +
      'Enqueue such a value, or leave the parameter out to have it drawn.',
  );
}
