/** @file How NSGA-II makes a trial of two others: with the choices and the order of random numbers of Optuna 5's NSGAIISampler. */
import type { Random } from '../../../platform/random.js';
import { dominates } from '../../dominance.js';
import type { Individual } from './selection.js';

/** A trial that others are made of. */
export interface Parent extends Individual {
  /** Internal values by name. */
  readonly values: Readonly<Record<string, number>>;
}

/** How often what happens. */
export interface Chances {
  /** That a child has two parents. */
  readonly crossover: number;
  /** That it has a value of its second parent. */
  readonly swapping: number;
  /** That a value is drawn anew; undefined for one value of each child, on average. */
  readonly mutation: number | undefined;
}

/** The names of parameters; choices are drawn before numbers. */
export interface ChildSpace {
  readonly choices: readonly string[];
  readonly numbers: readonly string[];
}

/** The values of a child. Those that are to be drawn anew are left out. */
export function childOf(
  parents: readonly Parent[],
  { choices, numbers }: ChildSpace,
  chances: Chances,
  random: Pick<Random, 'uniform' | 'below'>,
): Record<string, number> {
  const names = [...choices, ...numbers];
  let from: (name: string) => Parent;
  if (random.uniform() < chances.crossover) {
    const first = winner(parents, random);
    const second = winner(
      parents.filter((each) => each !== first),
      random,
    );
    const origin = new Map(names.map((name) => [name, random.uniform() >= chances.swapping ? second : first]));
    from = (name) => origin.get(name) as Parent;
  } else {
    const only = parents[random.below(parents.length)] as Parent;
    from = () => only;
  }
  const mutation = chances.mutation ?? 1 / Math.max(1, names.length);
  const kept = names.filter(() => random.uniform() >= mutation);
  return Object.fromEntries(kept.map((name) => [name, from(name).values[name] as number]));
}

/** Of two that are drawn, the one that dominates the other. */
function winner(parents: readonly Parent[], random: Pick<Random, 'below'>): Parent {
  const [a, b] = [parents[random.below(parents.length)], parents[random.below(parents.length)]] as [Parent, Parent];
  return dominates(a.losses, b.losses) ? a : b;
}
