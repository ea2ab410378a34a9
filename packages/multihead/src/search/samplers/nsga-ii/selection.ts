/**
 * @file Who survives in NSGA-II (Deb et al. 2002): the trials that no others dominate, then those that only these dominate, and so
 * on; of the last rank that has room, those with the fewest others around them.
 */
import { nonDominatedFronts } from '../../dominance.js';

/** A trial as NSGA-II compares it. Of each loss, smaller is better. */
export interface Individual {
  readonly losses: readonly number[];
}

/** So many of a population, the best first. */
export function survivors<Member extends Individual>(population: readonly Member[], count: number): Member[] {
  const chosen: Member[] = [];
  for (const front of nonDominatedFronts(population, ({ losses }) => losses)) {
    const room = count - chosen.length;
    if (front.length >= room) return [...chosen, ...byCrowdingDistance(front).slice(0, room)];
    chosen.push(...front);
  }
  return chosen;
}

function byCrowdingDistance<Member extends Individual>(front: readonly Member[]): Member[] {
  const distances = crowdingDistances(front);
  const order = (x: number, y: number) => (x === y ? 0 : y - x); // infinite ones have no difference
  const distanceOf = (each: Member) => distances.get(each) as number;
  const last = ({ losses }: Member) => losses.at(-1) as number;
  return front.toSorted((a, b) => order(distanceOf(a), distanceOf(b)) || order(last(a), last(b)));
}

/** How far the neighbours of each are from each other, as a part of the front's width, over all objectives. */
export function crowdingDistances(front: readonly Individual[]): Map<Individual, number> {
  const distances = new Map(front.map((each) => [each, 0]));
  for (const i of front[0]?.losses.keys() ?? []) {
    const lossOf = (each: Individual | undefined) => each?.losses[i] as number;
    const sorted = front.toSorted((a, b) => lossOf(a) - lossOf(b) || 0);
    const [least, most] = [lossOf(sorted[0]), lossOf(sorted.at(-1))];
    if (least === most) continue;
    const finite = sorted.map(lossOf).filter(Number.isFinite);
    const width = (finite.at(-1) as number) - (finite[0] as number) || 1;
    for (const [j, each] of sorted.entries()) {
      const before = j === 0 ? Number.NEGATIVE_INFINITY : lossOf(sorted[j - 1]);
      const after = j === sorted.length - 1 ? Number.POSITIVE_INFINITY : lossOf(sorted[j + 1]);
      const gap = before === after ? 0 : after - before;
      distances.set(each, (distances.get(each) as number) + gap / width);
    }
  }
  return distances;
}
