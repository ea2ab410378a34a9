import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveSeed, Random } from './random.js';

describe('random numbers', () => {
  test('the same seed gives the same numbers, another one others', () => {
    const draw = (seed: bigint) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.bits()
        )(new Random(seed)),
      );
    expect(draw(1n)).toEqual(draw(1n));
    expect(draw(1n)).not.toEqual(draw(2n));
  });

  test('seeds for different purposes differ, wherever the difference lies', () => {
    const seeds = [
      deriveSeed(1, 'order', 0),
      deriveSeed(2, 'order', 0),
      deriveSeed(1, 'dropout', 0),
      deriveSeed(1, 'order', 1),
      deriveSeed(1, 'order', 10),
      deriveSeed(1, 'order', 1, 0),
      deriveSeed(1, 'order0'),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  test('normal draws have the mean, deviation and tails of the normal distribution', () => {
    const values = new Float32Array(100_001);
    new Random(5n).fillNormal(values, 2);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(deviation - 2)).toBeLessThan(0.03);
    const beyond = values.filter((x) => Math.abs(x) > 4).length / values.length;
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(0.003);
  });

  test('a shuffle loses and doubles nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (items, seed) => {
        expect(new Random(seed).shuffle([...items]).sort()).toEqual([...items].sort());
      }),
    );
  });
});
