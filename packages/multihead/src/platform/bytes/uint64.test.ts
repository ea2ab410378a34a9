/** @file Numbers beyond 32 bits. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packUint64, unpackUint64 } from './uint64.js';

test('are little endian uint64', () => {
  const values = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7, Number.MAX_SAFE_INTEGER];
  const view = new DataView(packUint64(values).buffer);
  expect(values.map((_, i) => Number(view.getBigUint64(8 * i, true)))).toEqual(values);
});

test('come back, wherever their bytes stand in memory', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat()), fc.nat(7), (values, offset) => {
      const bytes = new Uint8Array(8 * values.length + offset);
      bytes.set(packUint64(values), offset);
      expect([...unpackUint64(bytes.subarray(offset))]).toEqual(values);
    }),
  );
});
