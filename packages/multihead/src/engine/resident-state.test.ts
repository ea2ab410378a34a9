import fc from 'fast-check';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { CacheForm } from './engine.js';
import { KeyValueCache } from './resident-state.js';
import type { RuntimeTensor } from './runtime.js';

const form: CacheForm = { layers: 2, kvHeads: 2, headDim: 3, rows: 4, slots: 200 };
const runtime = {
  Tensor,
  createSession: () => Promise.reject(new Error('no graph is run here')),
};

/** What entry a slot of a row should hold, told apart by all of its coordinates. */
const entry = (part: number, token: number, head: number, i: number) => part * 1e4 + token * 10 + head * 3 + i;

/** New keys and values of some tokens: `tokens[row][slot]` is what the entry is told by. */
function presents(tokens: readonly (readonly number[])[]): Record<string, RuntimeTensor> {
  const width = tokens[0]?.length ?? 0;
  const { layers, kvHeads, headDim } = form;
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

/** The visible tokens of each row, as the graph would find them; all coordinates are checked. */
function read(cache: KeyValueCache, rows: number): number[][] {
  const feeds = cache.feeds(rows);
  const past = feeds.past_mask as RuntimeTensor;
  const capacity = past.dims[1] as number;
  expect(past.dims).toEqual([rows, capacity]);
  expect(capacity % 64).toBe(0);
  const { layers, kvHeads, headDim } = form;
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

describe('a key-value cache', () => {
  test('holds what was appended, beyond the first capacity, and hides padding', () => {
    const cache = new KeyValueCache(runtime, form);
    cache.feeds(2);
    cache.append(
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
      cache.feeds(2);
      cache.append(presents([[token], [token + 200]]), mask([[1], [1]]));
      expected[0]?.push(token);
      expected[1]?.push(token + 200);
    }
    expect(read(cache, 2)).toEqual(expected);
  });

  test('gives rows the contents of others, whatever the order', () => {
    const order = fc.array(fc.nat(3), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 70 }), (rows, length) => {
        const cache = new KeyValueCache(runtime, form);
        const tokens = [0, 1, 2, 3].map((row) => Array.from({ length }, (_, i) => row * 100 + i));
        cache.feeds(4);
        cache.append(presents(tokens), mask(tokens.map((row) => row.map(() => 1))));
        cache.reorder(rows);
        expect(read(cache, rows.length)).toEqual(rows.map((row) => tokens[row]));
        const more = rows.map((_, i) => [900 + i]);
        cache.append(presents(more), mask(more.map(() => [1])));
        expect(read(cache, rows.length)).toEqual(rows.map((row, i) => [...(tokens[row] as number[]), 900 + i]));
      }),
    );
  });

  test('leaves alone what rows share, when it is told how much that is', () => {
    const cache = new KeyValueCache(runtime, form);
    cache.feeds(3);
    cache.append(
      presents([
        [1, 2, 3],
        [1, 2, 4],
        [1, 2, 5],
      ]),
      mask([0, 1, 2].map(() => [1, 1, 1])),
    );
    cache.reorder([1, 2, 0], 2);
    expect(read(cache, 3)).toEqual([
      [1, 2, 4],
      [1, 2, 5],
      [1, 2, 3],
    ]);
    cache.reorder([0, 0, 2], 3); // as if the third were shared too: it is left where it was
    expect(read(cache, 3)[1]).toEqual([1, 2, 5]);
  });

  test('begins anew when it is cleared, also with another number of rows', () => {
    const cache = new KeyValueCache(runtime, form);
    cache.feeds(1);
    cache.append(presents([[1]]), mask([[1]]));
    cache.clear();
    cache.feeds(3);
    cache.append(presents([[7], [8], [9]]), mask([[1], [1], [1]]));
    expect(read(cache, 3)).toEqual([[7], [8], [9]]);
  });

  test('keeps its tensors while the capacity lasts: a token makes no new ones', () => {
    const cache = new KeyValueCache(runtime, form);
    const first = cache.feeds(1);
    cache.append(presents([[1]]), mask([[1]]));
    expect(cache.feeds(1)).toBe(first);
  });

  test('refuses more than it has room for, and rows that it does not have', () => {
    const cache = new KeyValueCache(runtime, form);
    expect(() => cache.feeds(5)).toThrow('internal: a batch of 5 rows for a cache of 4');
    cache.feeds(1);
    cache.append(presents([[1]]), mask([[1]]));
    const many = [Array.from({ length: 300 }, (_, i) => i)];
    expect(() => cache.append(presents(many), mask(many))).toThrow('internal: 320 slots in a cache of 200');
    expect(() => cache.feeds(2)).toThrow('internal: a batch of 2 rows for a cache of 1');
    expect(() => cache.reorder([0, 0, 0, 0, 0])).toThrow('internal: 5 rows in a cache of 4');
  });
});
