/** @file Splits a stream by a hash of each example, since the examples are never all in memory. */
import { UserError } from '../../platform/errors.js';
import { Hash } from '../../platform/hash.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';

/** Settings of a held-out part. */
export interface HeldOut {
  /** Fraction for evaluation, between 0 and 1. */
  readonly share: number;
  readonly seed: number;
}

const heldOutNames = namesOf<HeldOut>({ share: true, seed: true });

/** Held in memory, they are to be few. */
const mostHeldOut = 100_000;

/**
 * Tells which examples are held out: those whose mark (a hash of their texts and the seed) is below the share. Each is
 * decided by itself, in constant memory and the same each time; examples of equal texts stay together. So the share is met
 * only about: of n examples, n share more or less a few times sqrt(n share (1 - share)), and of a rare label perhaps none.
 *
 * @throws UserError for a share that is none
 * @example
 * const isHeldOut = drawnByText({ share: 0.1, seed: 42 });
 * isHeldOut('a fine film')   // the same whenever it is asked
 */
export function drawnByText(heldOut: HeldOut): (...texts: readonly string[]) => boolean {
  checkOptionNames(heldOut, heldOutNames, 'heldOut');
  const { share, seed } = heldOut;
  if (!(share > 0 && share < 1)) refuseShare(share, 'a number between 0 and 1 was expected, such as 0.01;');
  return (...texts) => {
    const hash = new Hash(seed);
    for (const text of texts) hash.addText(text);
    return hash.toFraction() < share;
  };
}

/** Refuses more examples than are to be held in memory, while they come. */
export function checkCount(heldOut: HeldOut | undefined, count: number): void {
  if (heldOut && count > mostHeldOut) refuseShare(heldOut.share, `more than ${mostHeldOut} examples`);
}

/**
 * Refuses a share of which one part is empty.
 *
 * @throws UserError that says how many examples there are
 */
export function checkParts(heldOut: HeldOut | undefined, parts: { streamed: number; heldOut: number }): void {
  if (heldOut && parts.heldOut === 0) refuseShare(heldOut.share, `none of ${parts.streamed} examples`);
  if (heldOut && parts.streamed === 0) refuseShare(heldOut.share, 'all examples');
}

function refuseShare(share: number, what: string): never {
  throw new UserError(`a share of ${share} for evaluation: ${what}; give another share, or a file for evaluation`);
}
