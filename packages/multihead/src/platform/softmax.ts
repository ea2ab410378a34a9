/** @file From scores to probabilities. */

/** The highest score. */
export function largest(scores: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) if ((scores[i] as number) > top) top = scores[i] as number;
  return top;
}

/** exp(score - highest score) of each, and their sum: probabilities but for one division. */
export function exponentials(scores: ArrayLike<number>): { values: Float64Array; total: number } {
  const top = largest(scores);
  const values = new Float64Array(scores.length);
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (score === Number.NEGATIVE_INFINITY) continue;
    const value = Math.exp(score - top);
    values[i] = value;
    total += value;
  }
  return { values, total };
}

/** Probabilities of scores: exp(score) divided by the sum over all. */
export function softmax(scores: ArrayLike<number>): number[] {
  const { values, total } = exponentials(scores);
  return Array.from(values, (value) => value / total);
}

/** The probability of one score: 1 / (1 + exp(-score)). */
export const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));

/** Logarithms of the probabilities, in place of the scores: x - log sum exp(x). */
export function logSoftmaxInPlace(scores: Float32Array): void {
  const logTotal = largest(scores) + Math.log(exponentials(scores).total);
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) - logTotal;
}
