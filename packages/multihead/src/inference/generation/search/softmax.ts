/** @file From scores to probabilities. */

/** The highest score. */
export function largest(scores: Float32Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) if ((scores[i] as number) > top) top = scores[i] as number;
  return top;
}

/** exp(score - highest score) of each token, and their sum: probabilities but for one division. */
export function exponentials(scores: Float32Array): { values: Float64Array; total: number } {
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

/** Logarithms of the probabilities, in place of the scores: x - log sum exp(x). */
export function logSoftmaxInPlace(scores: Float32Array): void {
  const logTotal = largest(scores) + Math.log(exponentials(scores).total);
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] as number) - logTotal;
}
