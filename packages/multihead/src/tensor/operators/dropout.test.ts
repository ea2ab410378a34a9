/** @file Dropout masks: reproducible, of the right rate, and without pattern along rows, columns, sites and seeds. */
import { describe, expect, test } from 'vitest';
import { tensor } from '../../exports/tensor.js';
import { dropoutMask } from './dropout.js';

const [rows, columns] = [256, 512];

async function mask(seed: bigint, site: number, rate: number): Promise<Float64Array> {
  const seedTensor = tensor(BigInt64Array.of(seed), { shape: [] });
  const bits = await dropoutMask([seedTensor], { shape: [2, rows / 2, columns], site, rate }).data();
  return Float64Array.from(bits as Uint8Array);
}

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** Correlation of two masks, in standard deviations of that of independent ones. */
function correlation(a: Float64Array, b: Float64Array, rate: number): number {
  const keep = 1 - rate;
  const covariance = mean(a.map((value, i) => (value - keep) * ((b[i] as number) - keep)));
  return (covariance / (keep * rate)) * Math.sqrt(a.length);
}

describe('dropout masks', () => {
  test.each([0.1, 0.5, 0.9])('drop a share of %f, overall and in every row and column', async (rate) => {
    const kept = await mask(1234n, 3, rate);
    const deviation = Math.sqrt(rate * (1 - rate));
    expect(Math.abs(mean(kept) - (1 - rate))).toBeLessThan((4.5 * deviation) / Math.sqrt(rows * columns));
    const rowMeans = Array.from({ length: rows }, (_, r) => mean(kept.subarray(r * columns, (r + 1) * columns)));
    const columnMeans = Array.from({ length: columns }, (_, c) => mean(kept.filter((_, i) => i % columns === c)));
    // The means of independent bits vary by deviation / sqrt(count); a pattern along an axis would vary more or less.
    const spread = (means: number[], count: number) =>
      Math.sqrt(mean(means.map((m) => (m - (1 - rate)) ** 2))) / (deviation / Math.sqrt(count));
    expect(spread(rowMeans, columns)).toBeGreaterThan(0.8);
    expect(spread(rowMeans, columns)).toBeLessThan(1.2);
    expect(spread(columnMeans, rows)).toBeGreaterThan(0.8);
    expect(spread(columnMeans, rows)).toBeLessThan(1.2);
  });

  test('are the same for the same seed and site', async () => {
    expect(await mask(7n, 0, 0.5)).toEqual(await mask(7n, 0, 0.5));
  });

  test('are independent for other seeds and other sites, and of their neighbours', async () => {
    const rate = 0.3;
    const first = await mask(7n, 0, rate);
    for (const other of [await mask(8n, 0, rate), await mask(7n + (1n << 40n), 0, rate), await mask(7n, 1, rate)]) {
      expect(Math.abs(correlation(first, other, rate))).toBeLessThan(4.5);
    }
    for (const distance of [1, 2, columns, columns + 1, 2 * columns]) {
      const shifted = first.subarray(distance);
      expect(Math.abs(correlation(first.subarray(0, shifted.length), shifted, rate))).toBeLessThan(4.5);
    }
  });

  test('a rate of 0 keeps all', async () => {
    expect(mean(await mask(1n, 0, 0))).toBe(1);
  });
});
