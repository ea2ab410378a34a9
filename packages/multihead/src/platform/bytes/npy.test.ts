import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { npyHeader, readNpyHeader } from './npy.js';

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

describe('headers that are read', () => {
  test('those that are written, of each type', () => {
    const drawn = fc.record({
      rows: fc.nat(Number.MAX_SAFE_INTEGER),
      columns: fc.integer({ min: 1, max: 1_000_000 }),
      type: fc.constantFrom('<f4' as const, '<f2' as const, '<f8' as const, '|i1' as const, '|u1' as const),
    });
    fc.assert(
      fc.property(drawn, ({ rows, columns, type }) => {
        const header = npyHeader([rows, columns], type);
        expect(readNpyHeader(header, 'x.npy')).toEqual({ type, shape: [rows, columns], begin: header.length });
      }),
    );
  });

  const changed = (from: string, to: string) =>
    new TextEncoder().encode(new TextDecoder('latin1').decode(npyHeader([6, 16]).subarray(1)).replace(from, to));
  const header = (from: string, to: string) => Uint8Array.from([0x93, ...changed(from, to)]);

  test.each<[string, Uint8Array, RegExp]>([
    ['text', new TextEncoder().encode('text of some length'), /^x\.npy: not a NumPy file/],
    ['bytes that end', npyHeader([6, 16]).subarray(0, 40), /its header is not one/],
    ['objects', header("'<f4'", "'|O8'"), /of type \|O8; expected one of <f4/],
    ['the other order', header('False, ', 'True,  '), /in Fortran's order; expected rows and columns in C's/],
    ['one dimension', header('(6, 16)', '(96,)  '), /shape \(96,\); expected rows and columns/],
  ])('%s: refused', (_, bytes, message) => {
    expect(() => readNpyHeader(bytes, 'x.npy')).toThrow(message);
  });
});
