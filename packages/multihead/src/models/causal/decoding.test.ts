/** @file Incremental decoding equals the forward pass over the whole text: token by token, in chunks, with left padding. */
import { describe, expect, test } from 'vitest';
import type { TensorValue, Values } from '../../engine/engine.js';
import { Random } from '../../platform/random.js';
import { causalFixture, causalFixtures } from '../../testing/causal-fixtures.js';
import { largestDifference } from '../../testing/reference.js';
import { AutoModelForCausalLM } from '../auto-model.js';
import type { CausalLanguageModel } from './causal-language-model.js';

const integers = (rows: readonly (readonly number[])[], width: number): TensorValue => ({
  dtype: 'int64',
  shape: [rows.length, width],
  data: BigInt64Array.from(rows.flat(), BigInt),
});

/** A cache as an engine would keep it: buffers of a fixed capacity, with rubbish where nothing was written yet. */
class TestCache {
  private readonly buffers = new Map<string, Float32Array>();
  private readonly mask: number[][];
  private length = 0;

  constructor(
    private readonly model: CausalLanguageModel,
    private readonly batch: number,
    private readonly capacity: number,
  ) {
    this.mask = Array.from({ length: batch }, () => new Array(capacity).fill(0));
    const size = batch * model.kvHeads * capacity * model.headDim;
    for (let layer = 0; layer < model.layers; layer++) {
      for (const kind of ['key', 'value']) this.buffers.set(`${layer}.${kind}`, new Float32Array(size).fill(7));
    }
  }

  /** Decodes new tokens and writes their keys and values behind the others; 0 in `masks` is padding. */
  async append(ids: number[][], masks: number[][], positions: number[][]): Promise<Float32Array> {
    const { model, batch, capacity } = this;
    const width = ids[0]?.length as number;
    const shape = [batch, model.kvHeads, capacity, model.headDim];
    const buffers = [...this.buffers].map(([name, data]) => [
      `past_key_values.${name}`,
      { dtype: 'float32' as const, shape, data: data.slice() },
    ]);
    const inputs: Values = {
      input_ids: integers(ids, width),
      new_mask: integers(masks, width),
      position_ids: integers(positions, width),
      past_mask: integers(this.mask, capacity),
      ...Object.fromEntries(buffers),
    };
    const outputs = await model.weights.run('decode', () => model.decodingOutputs(), inputs);
    if (capacity > 0) {
      for (const [name, buffer] of this.buffers) this.write(buffer, outputs[`present.${name}`] as TensorValue);
    }
    for (const [row, mask] of masks.entries()) this.mask[row]?.splice(this.length, width, ...mask);
    this.length += width;
    return outputs.logits?.data as Float32Array;
  }

  private write(buffer: Float32Array, present: TensorValue): void {
    const { kvHeads, headDim } = this.model;
    const width = present.shape[2] as number;
    expect(present.shape).toEqual([this.batch, kvHeads, width, headDim]);
    for (let head = 0; head < this.batch * kvHeads; head++) {
      const part = (present.data as Float32Array).subarray(head * width * headDim, (head + 1) * width * headDim);
      buffer.set(part, (head * this.capacity + this.length) * headDim);
    }
  }
}

/** Random rows of one width with these many padding tokens on the left. */
function paddedRows(model: CausalLanguageModel, width: number, padding: readonly number[]) {
  const random = new Random(9n);
  const place = (row: number, column: number) => column - (padding[row] as number);
  const rows = <T>(value: (row: number, column: number) => T) =>
    padding.map((_, row) => Array.from({ length: width }, (_, column) => value(row, column)));
  return {
    ids: rows((row, column) => (place(row, column) < 0 ? 0 : random.below(model.config.vocabSize))),
    masks: rows((row, column) => (place(row, column) < 0 ? 0 : 1)),
    positions: rows((row, column) => Math.max(place(row, column), 0)),
  };
}

/** Beyond its context, dynamic scaling turns earlier keys by angles that a longer text would have given other values. */
const cases = causalFixtures().filter((name) => name !== 'llama-dynamic');

describe.each(cases)('%s', (name) => {
  test.each<[string, number[], number]>([
    ['token by token from an empty cache', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 16],
    ['a prompt, then token by token', [7, 1, 1, 1, 1, 1], 13],
    ['chunk by chunk', [6, 3, 3], 12],
    ['a prompt alone, with no room for a past', [12], 0],
  ])('%s', async (_, widths, capacity) => {
    const model = await AutoModelForCausalLM.fromPretrained(causalFixture(name));
    const { ids, masks, positions } = paddedRows(model, 12, [0, 4, 1]);
    const whole = await model.predictValues({ input_ids: integers(ids, 12), attention_mask: integers(masks, 12) });
    const logits = whole.logits?.data as Float32Array;
    const { vocabSize } = model.config;
    const cache = new TestCache(model, ids.length, capacity);
    let end = 0;
    for (const width of widths) {
      const cut = (rows: number[][]) => rows.map((row) => row.slice(end, end + width));
      const part = { ids: cut(ids), masks: cut(masks), positions: cut(positions) };
      end += width;
      const found = await cache.append(part.ids, part.masks, part.positions);
      for (const [row, mask] of masks.entries()) {
        if (mask[end - 1] === 0) continue; // still padding: nothing to compare
        const expected = logits.subarray((row * 12 + end - 1) * vocabSize, (row * 12 + end) * vocabSize);
        const difference = largestDifference(found.subarray(row * vocabSize, (row + 1) * vocabSize), expected);
        expect(difference, `row ${row} after ${end} tokens`).toBeLessThan(1e-4);
      }
    }
    await model.dispose();
  });
});
