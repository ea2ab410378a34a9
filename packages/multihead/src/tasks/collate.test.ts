import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collateTokens, int64 } from './collate.js';

const numbers = (data: unknown) => Array.from(data as BigInt64Array, Number);

test('features are padded at their end to the longest: ids with the padding token, mask and types with 0', () => {
  const batch = collateTokens(
    [
      { inputIds: [101, 7, 102], tokenTypeIds: [0, 1, 1] },
      { inputIds: [101, 102], tokenTypeIds: [0, 1] },
    ],
    9,
  );
  for (const { dtype, shape } of Object.values(batch))
    expect({ dtype, shape }).toEqual({ dtype: 'int64', shape: [2, 3] });
  expect(numbers(batch.input_ids?.data)).toEqual([101, 7, 102, 101, 102, 9]);
  expect(numbers(batch.attention_mask?.data)).toEqual([1, 1, 1, 1, 1, 0]);
  expect(numbers(batch.token_type_ids?.data)).toEqual([0, 1, 1, 0, 1, 0]);
});

test('every feature comes out as it went in, and the mask counts its tokens', () => {
  const feature = fc
    .array(fc.tuple(fc.nat(30_000), fc.nat(1)), { minLength: 1, maxLength: 9 })
    .map((tokens) => ({ inputIds: tokens.map(([id]) => id), tokenTypeIds: tokens.map(([, type]) => type) }));
  fc.assert(
    fc.property(fc.array(feature, { minLength: 1, maxLength: 6 }), (features) => {
      const batch = collateTokens(features, 0);
      const width = batch.input_ids?.shape[1] as number;
      expect(width).toBe(Math.max(...features.map(({ inputIds }) => inputIds.length)));
      for (const [row, { inputIds, tokenTypeIds }] of features.entries()) {
        const part = (name: string) => numbers(batch[name]?.data).slice(row * width, (row + 1) * width);
        expect(part('input_ids').slice(0, inputIds.length)).toEqual(inputIds);
        expect(part('token_type_ids').slice(0, inputIds.length)).toEqual(tokenTypeIds);
        expect(part('attention_mask')).toEqual(Array.from({ length: width }, (_, i) => Number(i < inputIds.length)));
      }
    }),
  );
});

test('int64 keeps shape and values', () => {
  expect(int64([1, -2], [2])).toEqual({ dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, -2n) });
});
