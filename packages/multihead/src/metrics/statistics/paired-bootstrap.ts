/** @file Whether one system is better than another, or was only luckier with the examples: the paired bootstrap. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { deriveSeed, Random } from '../../platform/random.js';

/** Options of `pairedBootstrap`. */
export interface PairedBootstrapOptions {
  /** How often the examples are drawn anew. Default: 10,000. */
  readonly resamples?: number;
  /** The share of drawn differences within the interval. Default: 0.95. */
  readonly confidence?: number;
  /** Decides what is drawn. Default: 0. */
  readonly seed?: number;
}

const optionNames = namesOf<PairedBootstrapOptions>({ resamples: true, confidence: true, seed: true });

/** Result of a comparison. */
export interface PairedComparison {
  /** The mean of the second system's scores minus the mean of the first's. */
  readonly difference: number;
  /** The interval in which the differences of resampled examples lie, at both ends the same share outside. */
  readonly low: number;
  readonly high: number;
  /** How often chance alone makes a difference at least as large, were there none: two-sided. */
  readonly pValue: number;
}

/**
 * Compares two systems by their scores on the same examples (Efron and Tibshirani 1993; for language processing, Koehn 2004
 * and Berg-Kirkpatrick et al. 2012): examples are drawn with replacement, as many as there are, and the difference of the
 * means is looked at again and again. The p value counts how often a drawn difference is as far from the observed one as
 * that is from none, with one added to either count, so that it is never 0.
 *
 * @param first  the first system's score of each example
 * @param second the second system's scores, in the same order
 * @throws UserError for lists of different length, fewer than two examples, and scores that are not finite
 * @example
 * pairedBootstrap([0, 1, 1, 0], [1, 1, 1, 0]).difference   // 0.25
 */
export function pairedBootstrap(
  first: readonly number[],
  second: readonly number[],
  options: PairedBootstrapOptions = {},
): PairedComparison {
  checkOptionNames(options, optionNames, 'pairedBootstrap');
  const { resamples = 10_000, confidence = 0.95, seed = 0 } = options;
  if (first.length !== second.length) {
    throw new UserError(
      `pairedBootstrap: ${first.length} scores of the first system and ${second.length} of the second; both must be of ` +
        'the same examples',
    );
  }
  if (first.length < 2) throw new UserError('pairedBootstrap: at least two examples are needed');
  for (const [system, scores] of Object.entries({ first, second })) {
    const at = scores.findIndex((score) => !Number.isFinite(score));
    if (at >= 0)
      throw new UserError(`pairedBootstrap: ${system}[${at}] is ${scores[at]}; a finite number was expected`);
  }
  if (!(Number.isInteger(resamples) && resamples >= 1) || !(confidence > 0 && confidence < 1)) {
    throw new UserError(
      `pairedBootstrap: ${resamples} resamples at confidence ${confidence}; a whole number from 1, and a share between 0 and 1, are needed`,
    );
  }
  const count = first.length;
  const differences = Float64Array.from(first, (score, i) => (second[i] as number) - score);
  const difference = differences.reduce((a, b) => a + b, 0) / count;
  const random = new Random(deriveSeed(seed, 'paired bootstrap'));
  const drawn = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += differences[random.below(count)] as number;
    return sum / count;
  }).sort();
  // Rounding must not tell equal distances apart.
  const tolerance = 1e-12 * Math.max(1, Math.abs(difference));
  const asFar = drawn.reduce((n, x) => n + Number(Math.abs(x - difference) >= Math.abs(difference) - tolerance), 0);
  const at = (share: number) =>
    drawn[Math.min(resamples - 1, Math.max(0, Math.round(share * (resamples - 1))))] as number;
  const tail = (1 - confidence) / 2;
  return { difference, low: at(tail), high: at(1 - tail), pValue: (asFar + 1) / (resamples + 1) };
}
