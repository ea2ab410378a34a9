/** @file Splits off a part of the examples for evaluation, reproducibly by seed. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { deriveSeed, Random } from '../../platform/random.js';

/** Examples in two parts, each in their order. */
export interface SplitExamples<Example> {
  readonly train: readonly Example[];
  readonly evaluation: readonly Example[];
}

/** Options of `splitExamples`. */
export interface SplitSettings<Example> {
  /** Fraction for evaluation, between 0 and 1. */
  readonly share: number;
  readonly seed: number;
  /**
   * Stratum of an example, such as its label; all strata are split in the same proportion. Default: a single stratum.
   */
  readonly stratum?: ((example: Example) => string) | undefined;
  /** Group of an example, such as its context; groups stay together. Default: each example is its own group. */
  readonly group?: ((example: Example) => string) | undefined;
}

const splitSettingNames = namesOf<SplitSettings<unknown>>({ share: true, seed: true, stratum: true, group: true });

/**
 * Splits examples at random.
 *
 * Of n examples (of a stratum; or groups), round(share n) go to evaluation, but never all of a stratum: a label with one
 * example is trained on. Where rounding leaves the whole too small, the strata with the largest remainders give one more.
 *
 * @throws UserError for a share that is none, and where one part would be empty
 * @example
 * const { train, evaluation } = splitExamples(examples, { share: 0.1, seed: 42, stratum: ({ label }) => String(label) });
 */
export function splitExamples<Example>(
  examples: readonly Example[],
  settings: SplitSettings<Example>,
): SplitExamples<Example> {
  checkOptionNames(settings, splitSettingNames, 'splitExamples');
  const { share, seed, stratum = () => '', group } = settings;
  if (!(share > 0 && share < 1)) {
    throw new UserError(`the share for evaluation is ${share}; a number between 0 and 1 was expected, such as 0.1`);
  }
  const indices = [...examples.keys()];
  const all = group ? [...grouped(indices, (i) => group(examples[i] as Example)).values()] : indices.map((i) => [i]);
  const strata = [...grouped(all, ([first]) => stratum(examples[first as number] as Example))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, members]) => new Random(deriveSeed(seed, 'split', name)).shuffle(members));
  const counts = countsFor(
    strata.map(({ length }) => length),
    share,
  );
  const chosen = new Set(strata.flatMap((members, i) => members.slice(0, counts[i]).flat()));
  if (chosen.size === 0 || chosen.size === examples.length) {
    throw new UserError(
      `of ${all.length} ${group ? 'groups of examples' : 'examples'}, a share of ${share} leaves one part empty; give a file for evaluation`,
    );
  }
  return {
    train: examples.filter((_, i) => !chosen.has(i)),
    evaluation: examples.filter((_, i) => chosen.has(i)),
  };
}

/** How many of each stratum go to evaluation. */
function countsFor(sizes: readonly number[], share: number): number[] {
  const total = Math.round(share * sizes.reduce((sum, size) => sum + size, 0));
  const counts = sizes.map((size) => Math.min(Math.floor(share * size), size - 1));
  const byRemainder = [...sizes.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  function remainder(i: number): number {
    return share * (sizes[i] as number) - (counts[i] as number);
  }
  let lacking = total - counts.reduce((sum, count) => sum + count, 0);
  for (const i of byRemainder) {
    if (lacking <= 0) break;
    if ((counts[i] as number) + 1 >= (sizes[i] as number)) continue;
    counts[i] = (counts[i] as number) + 1;
    lacking--;
  }
  return counts;
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
