/** @file The parameters that trials have in common, which are drawn together. */

import type { TrialRecord } from '../trial-record.js';
import { type Distribution, isSameDistribution, isSingle } from './distribution.js';

/** Parameters by name, with their distributions. */
export type Distributions = ReadonlyMap<string, Distribution>;

type Space = Readonly<Record<string, Distribution>>;

const drawn = (entries: Iterable<readonly [string, Distribution]>): Distributions =>
  new Map([...entries].filter(([, distribution]) => !isSingle(distribution)).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The parameters that all trials have, with one distribution: Optuna's IntersectionSearchSpace. */
export function commonSpace(trials: readonly TrialRecord[]): Distributions {
  const [first, ...others] = trials.map(({ distributions }) => distributions);
  const isCommon = ([name, distribution]: readonly [string, Distribution]) =>
    others.every(
      (other) => Object.hasOwn(other, name) && isSameDistribution(other[name] as Distribution, distribution),
    );
  return drawn(Object.entries(first ?? {}).filter(isCommon));
}

/** Groups of parameters that occur together only: Optuna's _GroupDecomposedSearchSpace. */
export function groupedSpaces(trials: readonly TrialRecord[]): readonly Distributions[] {
  let groups: Space[] = [];
  for (const { distributions } of trials) {
    const left = new Map(Object.entries(distributions));
    const next: Space[] = [];
    for (const group of groups) {
      const names = Object.keys(group);
      for (const part of [names.filter((name) => left.has(name)), names.filter((name) => !left.has(name))]) {
        next.push(Object.fromEntries(part.map((name) => [name, group[name] as Distribution])));
      }
      for (const name of names) left.delete(name);
    }
    groups = [...next, Object.fromEntries(left)].filter((group) => Object.keys(group).length > 0);
  }
  return groups.map((group) => drawn(Object.entries(group))).filter(({ size }) => size > 0);
}
