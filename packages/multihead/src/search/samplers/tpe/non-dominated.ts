/**
 * @file The best trials for several objectives: those that no others dominate, then those that only these dominate, and so on. Of
 * a rank that is too large, those that together cover most of the space (hypervolume subset selection, greedy as in Optuna).
 */
import { dominates, losses } from '../../best.js';
import type { Direction, TrialRecord } from '../../trial-record.js';

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
  let left: readonly Ranked[] = trials.map((trial) => ({ trial, loss: losses(trial.values ?? [], directions) }));
  const chosen: Ranked[] = [];
  while (chosen.length < count && left.length > 0) {
    const front = left.filter(({ loss }) => !left.some((other) => dominates(other.loss, loss)));
    const room = count - chosen.length;
    chosen.push(...(front.length <= room ? front : spread(front, room)));
    left = left.filter((each) => !front.includes(each));
  }
  return chosen.map(({ trial }) => trial);
}

/** Those of a front that dominate the largest volume, one after the other. */
function spread(front: readonly Ranked[], count: number): Ranked[] {
  const reference = referencePoint(front.map(({ loss }) => loss));
  const chosen: Ranked[] = [];
  while (chosen.length < count) {
    const volumes = front.map((each) =>
      chosen.includes(each)
        ? -1
        : hypervolume(
            [...chosen, each].map(({ loss }) => loss),
            reference,
          ),
    );
    chosen.push(front[volumes.indexOf(Math.max(...volumes))] as Ranked);
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
