/** @file A resident state with tensors that do not grow, as an encoder-decoder has them. */
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { StateForm } from '../engine.js';
import { ResidentState } from './resident-state.js';
import type { RuntimeTensor } from './runtime.js';

const runtime = {
  Tensor,
  createSession: () => Promise.reject(new Error('no graph is run here')),
};

const mask = (rows: readonly (readonly number[])[]) => ({
  dtype: 'int64' as const,
  shape: [rows.length, rows[0]?.length ?? 0],
  data: BigInt64Array.from(rows.flat(), BigInt),
});

describe('a state of other kinds of tensors', () => {
  const floats = (values: readonly (readonly number[])[]): RuntimeTensor =>
    new Tensor('float32', values.flat(), [values.length, values[0]?.length ?? 0]);
  const forms: StateForm = {
    tensors: [
      { input: 'encoder_keys', source: 'cross.key' },
      { input: 'encoder_mask', source: 'attention_mask' },
      { input: 'past', source: 'present', dtype: 'float32', shape: ['rows', 'slots', 2] },
    ],
    rows: 3,
    slots: 64,
  };
  const encoded = () => {
    const state = new ResidentState(runtime, forms);
    state.feeds(2);
    const attention_mask = mask([
      [1, 1, 0],
      [1, 1, 1],
    ]);
    state.take({
      attention_mask,
      'cross.key': floats([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    });
    return state;
  };
  const held = (state: ResidentState, rows: number) => {
    const { encoder_keys: keys, encoder_mask: visible, past } = state.feeds(rows);
    return {
      keys: keys && [keys.dims, Array.from(keys.data as Float32Array)],
      mask: visible && [visible.dims, Array.from(visible.data as BigInt64Array, Number)],
      past: Array.from({ length: rows }, (_, row) =>
        Array.from(((past as RuntimeTensor).data as Float32Array).subarray(row * 128, row * 128 + 4)),
      ),
    };
  };

  test('keeps what an encoder gave and was given, while a decoder appends to the rest', () => {
    const state = encoded();
    state.take({
      present: floats([
        [10, 11],
        [20, 21],
      ]),
    });
    state.take({
      present: floats([
        [12, 13],
        [22, 23],
      ]),
    });
    expect(held(state, 2)).toEqual({
      keys: [
        [2, 3],
        [1, 2, 3, 4, 5, 6],
      ],
      mask: [
        [2, 3],
        [1, 1, 0, 1, 1, 1],
      ],
      past: [
        [10, 11, 12, 13],
        [20, 21, 22, 23],
      ],
    });
    expect(['cross.key', 'present', 'logits'].map((name) => state.keeps(name))).toEqual([true, true, false]);
  });

  test('rows go to beams with what the encoder gave for them, before anything was appended and after', () => {
    const state = encoded();
    state.reorder([1, 1, 0]);
    expect(held(state, 3).keys).toEqual([
      [3, 3],
      [4, 5, 6, 4, 5, 6, 1, 2, 3],
    ]);
    expect(held(state, 3).mask).toEqual([
      [3, 3],
      [1, 1, 1, 1, 1, 1, 1, 1, 0],
    ]);
    state.take({
      present: floats([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    });
    state.reorder([2, 0]);
    const { keys, past } = held(state, 2);
    expect(keys?.[1]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(past.map((row) => row.slice(0, 2))).toEqual([
      [3, 3],
      [1, 1],
    ]);
  });

  test('beams of one text leave fixed tensors where they are', () => {
    const state = encoded();
    state.take({
      present: floats([
        [1, 1],
        [2, 2],
      ]),
    });
    const before = state.feeds(2).encoder_keys?.data;
    state.reorder([1, 0], 1);
    expect(state.feeds(2).encoder_keys?.data).toBe(before);
    state.reorder([1, 0]);
    expect(held(state, 2).keys?.[1]).toEqual([4, 5, 6, 1, 2, 3]);
  });

  test('a new encoding replaces the one before; an empty state has none', () => {
    const state = encoded();
    state.take({ 'cross.key': floats([[7], [8]]) });
    expect(held(state, 2).keys).toEqual([
      [2, 1],
      [7, 8],
    ]);
    state.clear();
    expect(Object.keys(state.feeds(1))).toEqual(['past']);
  });
});
