import { afterAll, describe, expect, test } from 'vitest';
import type { TensorValue } from '../../engine/engine.js';
import { TinyCausal } from '../../testing/tiny-causal.js';
import { IncrementalDecoder } from './incremental-decoder.js';

const vocabSize = 40;
const model = new TinyCausal({ vocabSize, hiddenSize: 16, layers: 2, heads: 2, maxPositionEmbeddings: 160 });
afterAll(() => model.dispose());

const sequence = (length: number, step: number): number[] =>
  Array.from({ length }, (_, i) => (i * step + (i >> 2)) % vocabSize);

/** The last position's scores, by the graph that knows no cache. */
async function uncached(tokenIds: readonly number[]): Promise<number[]> {
  const int64 = (values: readonly number[]) => ({
    dtype: 'int64' as const,
    shape: [1, values.length],
    data: BigInt64Array.from(values, BigInt),
  });
  const inputs = { input_ids: int64(tokenIds), position_ids: int64(tokenIds.map((_, i) => i)) };
  const { logits } = await model.weights.run('whole', () => model.wholeOutputs(), inputs);
  const { data } = logits as TensorValue;
  return [...(data as Float32Array).slice(-vocabSize)];
}

const expectClose = (scores: Float32Array, expected: readonly number[]) => {
  const far = [...scores].map((score, i) => Math.abs(score - (expected[i] as number)));
  expect(Math.max(...far)).toBeLessThan(1e-4);
};

describe('reading on', () => {
  test('gives the scores of reading all anew, over more tokens than two capacities hold', async () => {
    const tokens = sequence(150, 7);
    const decoder = await IncrementalDecoder.open(model, { rows: 1, slots: 160 });
    let logits = await decoder.read([tokens.slice(0, 3)]);
    for (let length = 3; ; length++) {
      if (length % 7 === 0 || length > 125) expectClose(logits.row(0), await uncached(tokens.slice(0, length)));
      if (length === tokens.length) break;
      logits = await decoder.next([tokens[length] as number]);
    }
    await decoder.close();
  });

  test('in a batch of different lengths, each row is as it would be alone', async () => {
    const rows = [sequence(9, 3), sequence(70, 7), sequence(1, 5)];
    const decoder = await IncrementalDecoder.open(model, { rows: 3, slots: 80 });
    let logits = await decoder.read(rows);
    for (let step = 0; step < 5; step++) {
      for (const [i, row] of rows.entries()) expectClose(logits.row(i), await uncached(row));
      for (const [i, row] of rows.entries()) row.push(3 + i + step);
      logits = await decoder.next(rows.map((row) => row.at(-1) as number));
    }
    await decoder.close();
  });

  test('rows may change places, double and go', async () => {
    const rows = [sequence(9, 3), sequence(5, 7)];
    const decoder = await IncrementalDecoder.open(model, { rows: 3, slots: 80 });
    await decoder.read(rows);
    await decoder.reorder([1, 0, 1]);
    const logits = await decoder.next([1, 2, 3]);
    const expected = [
      [...(rows[1] as number[]), 1],
      [...(rows[0] as number[]), 2],
      [...(rows[1] as number[]), 3],
    ];
    for (const [i, row] of expected.entries()) expectClose(logits.row(i), await uncached(row));
    await decoder.reorder([2]);
    expectClose((await decoder.next([4])).row(0), await uncached([...(expected[2] as number[]), 4]));
    await decoder.close();
  });

  test('two decoders of one model do not disturb each other', async () => {
    const [a, b] = [sequence(9, 3), sequence(5, 7)];
    const first = await IncrementalDecoder.open(model, { rows: 1, slots: 80 });
    const second = await IncrementalDecoder.open(model, { rows: 1, slots: 80 });
    await Promise.all([first.read([a]), second.read([b])]);
    const [x, y] = await Promise.all([first.next([1]), second.next([2])]);
    expectClose(x.row(0), await uncached([...a, 1]));
    expectClose(y.row(0), await uncached([...b, 2]));
    await Promise.all([first.close(), second.close()]);
    await expect(first.next([1])).rejects.toThrow('internal: there is no state named');
  });
});
