import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../platform/random.js';
import { pairedBootstrap } from './paired-bootstrap.js';

const scores = (count: number, share: number, seed: bigint) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => Number(random.uniform() < share));
};

describe('the paired bootstrap', () => {
  test('sees a difference of ten points on 1,000 examples, and none between a system and itself', () => {
    const [weak, strong] = [scores(1000, 0.7, 1n), scores(1000, 0.8, 2n)];
    const found = pairedBootstrap(weak, strong);
    expect(found.difference).toBeCloseTo(0.1, 1);
    expect(found.pValue).toBeLessThan(0.001);
    expect(found.low).toBeGreaterThan(0);
    expect(pairedBootstrap(weak, weak)).toEqual({ difference: 0, low: 0, high: 0, pValue: 1 });
  });

  test('its interval and p value are those of the normal approximation, where that holds', () => {
    const [a, b] = [scores(2000, 0.75, 3n), scores(2000, 0.77, 4n)];
    const differences = a.map((x, i) => (b[i] as number) - x);
    const mean = differences.reduce((sum, x) => sum + x, 0) / 2000;
    const error = Math.sqrt(differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 2000 / 2000);
    const { difference, low, high } = pairedBootstrap(a, b, { resamples: 20_000 });
    expect(difference).toBeCloseTo(mean, 12);
    expect(low).toBeCloseTo(mean - 1.96 * error, 2.5);
    expect(high).toBeCloseTo(mean + 1.96 * error, 2.5);
  });

  test('of few examples, its p value is the share of all ways to draw them', () => {
    // All n^n ways; the difference of a way is as likely as any other's.
    const exact = (differences: readonly number[]) => {
      const n = differences.length;
      const mean = differences.reduce((a, b) => a + b, 0) / n;
      let asFar = 0;
      for (let way = 0; way < n ** n; way++) {
        let sum = 0;
        for (let i = 0, rest = way; i < n; i++, rest = Math.floor(rest / n)) sum += differences[rest % n] as number;
        asFar += Number(Math.abs(sum / n - mean) >= Math.abs(mean) - 1e-9);
      }
      return asFar / n ** n;
    };
    const lists = [
      [1, 0],
      [1, 0, 0],
      [1, 1, -1, 0],
      [0.5, 0.25, 0.125, -0.25, 1],
    ];
    for (const [seed, list] of lists.entries()) {
      const resamples = 40_000;
      const { pValue } = pairedBootstrap(new Array(list.length).fill(0), list, { resamples, seed });
      const share = exact(list);
      expect(Math.abs(pValue - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / resamples) + 2 / resamples);
    }
  });

  test('is as often below 0.05 as it should be where there is no difference', () => {
    const found = Array.from({ length: 200 }, (_, i) =>
      pairedBootstrap(scores(200, 0.8, BigInt(2 * i)), scores(200, 0.8, BigInt(2 * i + 1)), { resamples: 500 }),
    );
    const share = found.filter(({ pValue }) => pValue < 0.05).length / found.length;
    expect(share).toBeGreaterThan(0.005);
    expect(share).toBeLessThan(0.11); // 0.05, and four standard errors
  });

  test('turned round, it gives the opposite; a seed gives the same again', () => {
    const list = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 2,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(list, (pairs) => {
        const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        const [forth, back] = [pairedBootstrap(a, b, { resamples: 99 }), pairedBootstrap(b, a, { resamples: 99 })];
        expect(back.difference).toBeCloseTo(-forth.difference, 12);
        expect(back.low).toBeCloseTo(-forth.high, 12);
        expect(back.pValue).toBeCloseTo(forth.pValue, 12);
        expect(pairedBootstrap(a, b, { resamples: 99 })).toEqual(forth);
      }),
    );
  });

  test('refuses what cannot be compared', () => {
    expect(() => pairedBootstrap([1], [1, 0])).toThrow('1 scores of the first system and 2 of the second');
    expect(() => pairedBootstrap([1], [1])).toThrow('at least two examples');
    expect(() => pairedBootstrap([1, 0], [1, 0], { confidence: 95 })).toThrow('confidence 95');
    expect(() => pairedBootstrap([1, 0], [1, 0], { resamples: 0.5 })).toThrow('0.5 resamples');
    expect(() => pairedBootstrap([1, Number.NaN], [1, 0])).toThrow('first[1] is NaN; a finite number was expected');
  });
});
