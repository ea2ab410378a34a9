/** @file Random numbers of benchmarks. */

/** Numbers from 0 to below 1, decided by a seed (a 32-bit linear congruential generator, Numerical Recipes). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
