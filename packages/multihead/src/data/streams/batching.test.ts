import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BatchOptions, epochBatches, evaluationBatches } from './batching.js';

const lengths = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 300 });
const options = fc.record({
  batchSize: fc.integer({ min: 1, max: 20 }),
  seed: fc.integer(),
  epoch: fc.nat(20),
  bucketing: fc.boolean(),
});

const inOrder = (batches: number[][]) => batches.flat().sort((a, b) => a - b);
const all = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Tokens of padding per token of text. */
function padding(of: readonly number[], batches: number[][]): number {
  const padded = batches.map((batch) => batch.length * Math.max(...batch.map((i) => of[i] as number)));
  const text = of.reduce((a, b) => a + b, 0);
  return padded.reduce((a, b) => a + b, 0) / text - 1;
}

describe("an epoch's batches", () => {
  test('hold every feature once, in batches that are full but for at most one', () => {
    fc.assert(
      fc.property(lengths, options, (lengths, options) => {
        const batches = epochBatches(lengths, options);
        expect(inOrder(batches)).toEqual(all(lengths.length));
        expect(batches).toHaveLength(Math.ceil(lengths.length / options.batchSize));
        expect(batches.filter(({ length }) => length !== options.batchSize).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  const many = all(2000).map((i) => 5 + ((i * 7919) % 120));
  const base: BatchOptions = { batchSize: 16, seed: 1, epoch: 0, bucketing: true };

  test('are the same for the same seed and epoch, and others for others', () => {
    expect(epochBatches(many, base)).toEqual(epochBatches(many, { ...base }));
    expect(epochBatches(many, { ...base, epoch: 1 })).not.toEqual(epochBatches(many, base));
    expect(epochBatches(many, { ...base, seed: 2 })).not.toEqual(epochBatches(many, base));
  });

  test('of features of like length pad little; the order of lengths stays random', () => {
    const bucketed = epochBatches(many, base);
    expect(padding(many, bucketed)).toBeLessThan(0.05);
    expect(padding(many, epochBatches(many, { ...base, bucketing: false }))).toBeGreaterThan(0.5);
    const longest = bucketed.map((batch) => Math.max(...batch.map((i) => many[i] as number)));
    const rises = longest.slice(1).filter((length, i) => length > (longest[i] as number)).length;
    expect(rises / longest.length).toBeGreaterThan(0.3);
    expect(rises / longest.length).toBeLessThan(0.7);
  });

  test('mix anew in every epoch: two features that met meet seldom again', () => {
    const pairs = (epoch: number) =>
      new Set(
        epochBatches(many, { ...base, epoch }).flatMap((batch) =>
          batch.flatMap((a) => batch.filter((b) => b > a).map((b) => `${a} ${b}`)),
        ),
      );
    const [first, second] = [pairs(0), pairs(1)];
    expect([...second].filter((pair) => first.has(pair)).length / second.size).toBeLessThan(0.3);
  });
});

describe("an evaluation's batches", () => {
  test('hold every feature once, the longest first', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 20 }), (lengths, batchSize) => {
        const batches = evaluationBatches(lengths, batchSize);
        expect(inOrder(batches)).toEqual(all(lengths.length));
        const inTurn = batches.flat().map((i) => lengths[i] as number);
        expect(inTurn).toEqual([...inTurn].sort((a, b) => b - a));
      }),
    );
  });
});
