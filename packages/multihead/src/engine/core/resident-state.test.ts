import fc from 'fast-check';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createEngine } from '#engine';
import { selfAttention } from '../../inference/generation/decoding-graph.js';
import type { DecodingModel } from '../../models/causal/decoding-model.js';
import { writeModel } from '../../onnx/model.js';
import { input } from '../../tensor/factories.js';
import type { StateForm, TensorValue } from '../engine.js';
import { ResidentState } from './resident-state.js';
import type { RuntimeTensor } from './runtime.js';

const sizes = { layers: 2, kvHeads: 2, headDim: 3 };
const form: StateForm = { tensors: selfAttention(sizes as DecodingModel), rows: 4, slots: 200 };
const runtime = {
  Tensor,
  createSession: () => Promise.reject(new Error('no graph is run here')),
};

/** What entry a slot of a row should hold, told apart by all of its coordinates. */
const entry = (part: number, token: number, head: number, i: number) => part * 1e4 + token * 10 + head * 3 + i;

/** New keys and values of some tokens: `tokens[row][slot]` identifies the entry. */
function presents(tokens: readonly (readonly number[])[]): Record<string, RuntimeTensor> {
  const width = tokens[0]?.length ?? 0;
  const { layers, kvHeads, headDim } = sizes;
  return Object.fromEntries(
    Array.from({ length: 2 * layers }, (_, part) => {
      const data = tokens.flatMap((row) =>
        Array.from({ length: kvHeads }, (_, head) =>
          row.map((token) => Array.from({ length: headDim }, (_, i) => entry(part, token, head, i))),
        ).flat(2),
      );
      const name = `present.${part >> 1}.${part % 2 ? 'value' : 'key'}`;
      return [name, new Tensor('float32', data, [tokens.length, kvHeads, width, headDim])];
    }),
  );
}

const mask = (rows: readonly (readonly number[])[]) => ({
  dtype: 'int64' as const,
  shape: [rows.length, rows[0]?.length ?? 0],
  data: BigInt64Array.from(rows.flat(), BigInt),
});

/** Takes what a run was given and gave. */
const append = (state: ResidentState, present: Record<string, RuntimeTensor>, newMask: TensorValue) =>
  state.take({ new_mask: newMask, logits: undefined, ...present });

/** The visible tokens of each row, as the graph would find them; all coordinates are checked. */
function read(state: ResidentState, rows: number): number[][] {
  const feeds = state.feeds(rows);
  const past = feeds.past_mask as RuntimeTensor;
  const capacity = past.dims[1] as number;
  expect(past.dims).toEqual([rows, capacity]);
  expect(capacity % 64).toBe(0);
  const { layers, kvHeads, headDim } = sizes;
  return Array.from({ length: rows }, (_, row) => {
    const seen = Array.from({ length: capacity }, (_, slot) => slot).filter(
      (slot) => (past.data as BigInt64Array)[row * capacity + slot] === 1n,
    );
    return seen.map((slot) => {
      const tokens = new Set<number>();
      for (let part = 0; part < 2 * layers; part++) {
        const held = feeds[`past_key_values.${part >> 1}.${part % 2 ? 'value' : 'key'}`] as RuntimeTensor;
        expect(held.dims).toEqual([rows, kvHeads, capacity, headDim]);
        for (let head = 0; head < kvHeads; head++) {
          for (let i = 0; i < headDim; i++) {
            const at = ((row * kvHeads + head) * capacity + slot) * headDim + i;
            tokens.add(((held.data as Float32Array)[at] as number) - entry(part, 0, head, i));
          }
        }
      }
      expect(tokens.size).toBe(1);
      return ([...tokens][0] as number) / 10;
    });
  });
}

describe('keys and values', () => {
  test('holds what was appended, beyond the first capacity, and hides padding', () => {
    const state = new ResidentState(runtime, form);
    state.feeds(2);
    append(
      state,
      presents([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      mask([
        [1, 1, 1],
        [0, 0, 1],
      ]),
    );
    const expected = [[1, 2, 3], [6]];
    for (let token = 10; token < 110; token++) {
      state.feeds(2);
      append(state, presents([[token], [token + 200]]), mask([[1], [1]]));
      expected[0]?.push(token);
      expected[1]?.push(token + 200);
    }
    expect(read(state, 2)).toEqual(expected);
  });

  test('rows join others with their own lengths, leave, and go on: any sequence, in memory that is taken as needed', () => {
    const step = fc.oneof(
      fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 3 }).map((join) => ({ join })),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }).map((stay) => ({ stay })),
      fc.integer({ min: 1, max: 40 }).map((tokens) => ({ tokens })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const asNeeded: StateForm = { ...form, memory: 'as needed' };
        const state = new ResidentState(runtime, asNeeded);
        const joining = new ResidentState(runtime, asNeeded);
        let rows: number[][] = [];
        let next = 0;
        const tokens = (count: number) => Array.from({ length: count }, () => next++);
        for (const done of steps) {
          if ('join' in done) {
            const lengths = done.join.slice(0, 4 - rows.length);
            if (lengths.length === 0) continue;
            const longest = Math.max(...lengths);
            const added = lengths.map((length) => ({ skipped: longest - length, row: tokens(longest) }));
            joining.feeds(added.length);
            append(
              joining,
              presents(added.map(({ row }) => row)),
              mask(added.map(({ row, skipped }) => row.map((_, i) => Number(i >= skipped)))),
            );
            state.join(
              joining,
              added.map(({ skipped }) => skipped),
            );
            joining.clear();
            rows.push(...added.map(({ row, skipped }) => row.slice(skipped)));
          } else if ('stay' in done) {
            const kept = rows.flatMap((_, i) => (done.stay[i] ? [i] : [])).reverse();
            if (rows.length === 0) continue;
            state.reorder(kept);
            rows = kept.map((i) => rows[i] as number[]);
          } else {
            for (let i = 0; i < done.tokens && rows.length > 0; i++) {
              if (Math.max(...rows.map(({ length }) => length)) >= form.slots) break;
              const added = rows.map(() => tokens(1));
              append(state, presents(added), mask(added.map(() => [1])));
              for (const [row, token] of added.entries()) rows[row]?.push(...token);
            }
          }
          if (rows.length > 0) expect(read(state, rows.length)).toEqual(rows);
        }
      }),
    );
  });

  test('gives rows the contents of others, whatever the order', () => {
    const order = fc.array(fc.nat(3), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 70 }), (rows, length) => {
        const state = new ResidentState(runtime, form);
        const tokens = [0, 1, 2, 3].map((row) => Array.from({ length }, (_, i) => row * 100 + i));
        state.feeds(4);
        append(state, presents(tokens), mask(tokens.map((row) => row.map(() => 1))));
        state.reorder(rows);
        expect(read(state, rows.length)).toEqual(rows.map((row) => tokens[row]));
        const more = rows.map((_, i) => [900 + i]);
        append(state, presents(more), mask(more.map(() => [1])));
        expect(read(state, rows.length)).toEqual(rows.map((row, i) => [...(tokens[row] as number[]), 900 + i]));
      }),
    );
  });

  test('does not copy what rows share, where the caller says how much that is', () => {
    const state = new ResidentState(runtime, form);
    state.feeds(3);
    append(
      state,
      presents([
        [1, 2, 3],
        [1, 2, 4],
        [1, 2, 5],
      ]),
      mask([0, 1, 2].map(() => [1, 1, 1])),
    );
    state.reorder([1, 2, 0], 2);
    expect(read(state, 3)).toEqual([
      [1, 2, 4],
      [1, 2, 5],
      [1, 2, 3],
    ]);
    state.reorder([0, 0, 2], 3); // as if the third were shared too: it is left where it was
    expect(read(state, 3)[1]).toEqual([1, 2, 5]);
  });

  test('begins anew when it is cleared, also with another number of rows', () => {
    const state = new ResidentState(runtime, form);
    state.feeds(1);
    append(state, presents([[1]]), mask([[1]]));
    state.clear();
    state.feeds(3);
    append(state, presents([[7], [8], [9]]), mask([[1], [1], [1]]));
    expect(read(state, 3)).toEqual([[7], [8], [9]]);
  });

  test('keeps its tensors while the capacity lasts: a token makes no new ones', () => {
    const state = new ResidentState(runtime, form);
    const first = state.feeds(1);
    append(state, presents([[1]]), mask([[1]]));
    expect(state.feeds(1)).toBe(first);
  });

  test('refuses more than it has room for, and rows that it does not have', () => {
    const state = new ResidentState(runtime, form);
    expect(() => state.feeds(5)).toThrow('internal: a batch of 5 rows for a state of 4');
    state.feeds(1);
    append(state, presents([[1]]), mask([[1]]));
    const many = [Array.from({ length: 300 }, (_, i) => i)];
    expect(() => append(state, presents(many), mask(many))).toThrow('internal: 320 slots in a state of 200');
    expect(() => state.feeds(2)).toThrow('internal: a batch of 2 rows for a state of 1');
    expect(() => state.reorder([0, 0, 0, 0, 0])).toThrow('internal: 5 rows in a state of 4');
  });

  test('unused slots of a mask are 0, also when rows come that held more before', () => {
    const state = new ResidentState(runtime, form);
    const visible = (rows: number) => Array.from((state.feeds(rows).past_mask as RuntimeTensor).data as BigInt64Array);
    const tokens = [0, 1, 2].map(() => Array.from({ length: 130 }, (_, i) => i));
    state.feeds(3);
    append(state, presents(tokens), mask(tokens.map((row) => row.map(() => 1))));
    state.clear();
    state.feeds(1);
    append(state, presents([[1]]), mask([[1]]));
    state.reorder([0, 0, 0]);
    expect(visible(3).map(Number)).toEqual([0, 1, 2].flatMap(() => [1, ...new Array<number>(63).fill(0)]));
    const more = [0, 1, 2].map(() => new Array<number>(70).fill(5));
    append(state, presents(more), mask(more.map((row) => row.map(() => 1))));
    const row = [...new Array<number>(71).fill(1), ...new Array<number>(57).fill(0)];
    expect(visible(3).map(Number)).toEqual([...row, ...row, ...row]);
  });

  test('refuses a run that gives only some of what grows, or other sizes', () => {
    const state = new ResidentState(runtime, form);
    state.feeds(1);
    const { 'present.0.key': one, ...others } = presents([[1]]);
    expect(one).toBeDefined();
    expect(() => append(state, others, mask([[1]]))).toThrow('internal: the run gave no present.0.key');
    expect(() => append(state, presents([[1]]), mask([[1, 1]]))).toThrow(
      'internal: new_mask does not have 1 new slots for each of 1 rows',
    );
  });
});

test('in an engine, one graph fills what another reads, and only the rest comes back', async () => {
  const engine = createEngine({ threads: 1 });
  const text = input('text', 'float32', ['rows', 2]);
  await engine.load('encode', writeModel({ memory: text.mul(10) }));
  const [token, memory] = [input('token', 'float32', ['rows', 1]), input('memory', 'float32', ['rows', 2])];
  const past = input('past', 'float32', ['rows', 'capacity']);
  const sum = memory.sum(1, { keepDims: true }).add(past.sum(1, { keepDims: true }));
  await engine.load('decode', writeModel({ sum, present: token }));
  await engine.createState('kept', {
    tensors: [
      { input: 'memory', source: 'memory' },
      { input: 'past', source: 'present', dtype: 'float32', shape: ['rows', 'slots'], zeroUnused: true },
    ],
    rows: 2,
    slots: 4,
  });
  const value = (shape: number[], ...data: number[]) =>
    ({ dtype: 'float32', shape, data: Float32Array.from(data) }) as const;
  const state = { state: 'kept' };
  expect(await engine.run('encode', { text: value([2, 2], 1, 2, 3, 4) }, { ...state, fresh: true })).toEqual({});
  const read = async (...tokens: number[]) => {
    const results = await engine.run('decode', { token: value([2, 1], ...tokens) }, state);
    expect(Object.keys(results)).toEqual(['sum']);
    return Array.from(results.sum?.data as Float32Array);
  };
  expect(await read(0.25, 0.5)).toEqual([30, 70]);
  expect(await read(1, 2)).toEqual([30.25, 70.5]);
  await engine.reorderState('kept', [1, 0]);
  expect(await read(0, 0)).toEqual([72.5, 31.25]);
  await engine.releaseState('kept');
  await expect(read(0, 0)).rejects.toThrow('internal: there is no state named kept');
  await engine.close();
});
