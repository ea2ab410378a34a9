/** @file Random numbers that Python's scripts draw too (bench/peers/park_miller.py). Not part of the package. */

/**
 * The generator of Park and Miller (1988). The first draws of small seeds are all small; they are thrown away.
 *
 * @param seed the case: a number from 1 on
 * @returns a function that draws a whole number from 0 to below a limit
 */
export function parkMiller(seed: number): (limit: number) => number {
  let state = seed;
  const below = (limit: number) => {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * limit);
  };
  for (let i = 0; i < 3; i++) below(1);
  return below;
}
