import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { npyHeader } from './npy.js';

const fixture = fileURLToPath(new URL('../../../fixtures/sentence/vectors.npy', import.meta.url));

test('the header is that of numpy.save, byte for byte', () => {
  const bytes = readFileSync(fixture); // 6 vectors of 16 elements
  const header = npyHeader([6, 16]);
  expect(Buffer.from(header)).toEqual(bytes.subarray(0, header.length));
  expect(bytes.length - header.length).toBe(6 * 16 * 4);
});

test('its length is a multiple of 64 and does not depend on the number of rows; the text in it ends with a line', () => {
  const columns = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), columns, (rows, columns) => {
      const header = npyHeader([rows, columns]);
      expect(header.length % 64).toBe(0);
      expect(header.length).toBe(npyHeader([0, columns]).length);
      expect(new DataView(header.buffer).getUint16(8, true)).toBe(header.length - 10);
      const text = new TextDecoder().decode(header.subarray(10));
      expect(text).toMatch(/^\{'descr': '<f4', 'fortran_order': False, 'shape': \(\d+, \d+\), \} *\n$/);
      expect(text).toContain(`(${rows}, ${columns})`);
    }),
  );
});
