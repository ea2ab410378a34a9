/** @file Splits off examples for evaluation. */
import type { HeldOut } from '../data/splits/hash-split.js';
import { splitExamples } from '../data/splits/split.js';
import type { TrainingSources } from './define-task.js';

type Sources = Pick<TrainingSources, 'evalSplit' | 'seed'>;

/** Returns the hash split of a stream. */
export const hashSplitOf = ({ evalSplit: share, seed = 42 }: Sources): HeldOut | undefined =>
  share === undefined ? undefined : { share, seed };

/** Splits examples into training and evaluation examples; undefined if none are to be split off. */
export function splitSources<Example>(
  { evalSplit: share, seed = 42 }: Sources,
  examples: readonly Example[],
  by: Pick<Parameters<typeof splitExamples<Example>>[1], 'stratum' | 'group'>,
): { readonly train: readonly Example[]; readonly evaluation: readonly Example[] } | undefined {
  return share === undefined ? undefined : splitExamples(examples, { share, seed, ...by });
}
