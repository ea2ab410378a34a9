/** @file A part of the examples set aside by a mark of each, for examples that are never all in memory. */
import { UserError } from '../errors.js';
import { Hash } from './corpus/hash.js';
import { checkShare } from './split.js';

/** How much is set aside. */
export interface HashSplitSettings {
  /** The share for evaluation, between 0 and 1. */
  readonly share: number;
  readonly seed: number;
}

/**
 * Tells which examples are set aside: those whose mark (a hash of their texts and the seed) is below the share. Each is
 * decided by itself, in constant memory and the same each time; examples of equal texts stay together. So the share is met
 * only about: of n examples, n share more or less a few times sqrt(n share (1 - share)), and of a rare label perhaps none.
 *
 * @throws UserError for a share that is none
 * @example
 * const isAside = hashSplit({ share: 0.1, seed: 42 });
 * isAside('a fine film')   // the same whenever it is asked
 */
export function hashSplit({ share, seed }: HashSplitSettings): (...texts: readonly string[]) => boolean {
  checkShare(share);
  return (...texts) => {
    const hash = new Hash(seed);
    for (const text of texts) hash.addText(text);
    return hash.toFraction() < share;
  };
}

/**
 * Refuses a split of which one part is empty.
 *
 * @throws UserError that says how many examples there are
 */
export function checkParts({ share, train, aside }: { share: number; train: number; aside: number }): void {
  if (train > 0 && aside > 0) return;
  throw new UserError(
    `of ${train + aside} examples, a share of ${share} leaves one part empty; give a file for evaluation`,
  );
}
