/**
 * @file The best trials for several objectives: those that no others dominate, then those that only these dominate, and so on. Of
 * a rank that is too large, those that together cover most of the space (hypervolume subset selection, greedy as in Optuna).
 */
import { losses } from './best.js';
import { nonDominatedFronts } from './dominance.js';
import type { Direction, TrialRecord } from './trial-record.js';

/** A trial with its losses. */
interface Ranked {
  readonly trial: TrialRecord;
  readonly loss: readonly number[];
}

/** So many of the best trials. */
export function bestByRank(
  trials: readonly TrialRecord[],
  directions: readonly Direction[],
  count: number,
): TrialRecord[] {
  const ranked = trials.map((trial) => ({ trial, loss: losses(trial.values ?? [], directions) }));
  const chosen: Ranked[] = [];
  for (const front of nonDominatedFronts(ranked, ({ loss }) => loss)) {
    const room = count - chosen.length;
    if (room <= 0) break;
    chosen.push(...(front.length <= room ? front : spread(front, room)));
  }
  return chosen.map(({ trial }) => trial);
}

/**
 * Those of a front that dominate the largest volume, one after the other. What a point adds to the volume never grows as others are
 * chosen: what it added when it was last computed is a bound, and points whose bounds are smaller need no computing.
 */
function spread(front: readonly Ranked[], count: number): Ranked[] {
  const reference = referencePoint(front.map(({ loss }) => loss));
  const added = front.map(({ loss }) => hypervolume([loss], reference));
  const chosen: Ranked[] = [];
  let volume = 0;
  const computedFor = front.map(() => 0); // how many were chosen when a bound was computed
  while (chosen.length < count) {
    const best = added.indexOf(Math.max(...added));
    const points = [...chosen, front[best] as Ranked].map(({ loss }) => loss);
    if (computedFor[best] === chosen.length) {
      volume = hypervolume(points, reference);
      chosen.push(front[best] as Ranked);
      added[best] = Number.NEGATIVE_INFINITY;
    } else {
      added[best] = hypervolume(points, reference) - volume;
      computedFor[best] = chosen.length;
    }
  }
  return chosen;
}

/** A little worse than the worst in each objective. */
export function referencePoint(points: readonly (readonly number[])[]): number[] {
  return (points[0] ?? []).map((_, i) => {
    const worst = Math.max(...points.map((point) => point[i] as number));
    return Math.max(1.1 * worst, 0.9 * worst) || 1e-12;
  });
}

/**
 * The volume that points dominate, up to a reference point. Exact: of the first objective, slice by slice.
 *
 * @example
 * hypervolume([[1, 2], [2, 1]], [3, 3]); // 3
 */
export function hypervolume(points: readonly (readonly number[])[], reference: readonly number[]): number {
  const inside = points.filter((point) => point.every((value, i) => value < (reference[i] as number)));
  const [end = 0, ...others] = reference;
  if (others.length === 0) return Math.max(0, ...inside.map(([value = end]) => end - value));
  const sorted = inside.toSorted((a, b) => (a[0] as number) - (b[0] as number));
  if (others.length === 1) return area(sorted, end, others[0] as number);
  return sorted.reduce((volume, [from = 0], i) => {
    const to = sorted[i + 1]?.[0] ?? end;
    if (to === from) return volume;
    return (
      volume +
      (to - from) *
        hypervolume(
          sorted.slice(0, i + 1).map((point) => point.slice(1)),
          others,
        )
    );
  }, 0);
}

/** The area that points dominate, of which the first elements are in order. */
function area(sorted: readonly (readonly number[])[], end: number, limit: number): number {
  let least = limit;
  let sum = 0;
  for (const [i, [from = end, value = limit]] of sorted.entries()) {
    least = Math.min(least, value);
    sum += ((sorted[i + 1]?.[0] ?? end) - from) * (limit - least);
  }
  return sum;
}
