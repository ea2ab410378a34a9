/** @file Examples that are set aside for evaluation. */
import type { HeldOut } from '../data/splits/hash-split.js';
import { splitExamples } from '../data/splits/split.js';
import type { TrainingSources } from './define-task.js';

type Sources = Pick<TrainingSources, 'evalSplit' | 'seed'>;

/** What is held out of a stream. */
export const hashSplitOf = ({ evalSplit: share, seed = 42 }: Sources): HeldOut | undefined =>
  share === undefined ? undefined : { share, seed };

/** Training and evaluation examples out of all; undefined where none are to be set aside. */
export function splitSources<Example>(
  { evalSplit: share, seed = 42 }: Sources,
  examples: readonly Example[],
  by: Pick<Parameters<typeof splitExamples<Example>>[1], 'stratum' | 'group'>,
): { readonly train: readonly Example[]; readonly evaluation: readonly Example[] } | undefined {
  return share === undefined ? undefined : splitExamples(examples, { share, seed, ...by });
}
