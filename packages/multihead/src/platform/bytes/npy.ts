/** @file NumPy's file format .npy, version 1.0: a header, then the elements row by row, little-endian. */

const encoder = new TextEncoder();
const magic = [0x93, ...encoder.encode('NUMPY'), 1, 0];
const alignment = 64;
/** NumPy leaves room for the first dimension to grow to so many digits: the header's length does not depend on it. */
const growthDigits = 21;

/**
 * The header of a file of float32 elements, byte for byte as `numpy.save` writes it.
 *
 * @param shape rows and columns
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * await writeFile('vectors.npy', [npyHeader([2, 384]), new Uint8Array(vectors.buffer)]);
 */
export function npyHeader([rows, columns]: readonly [rows: number, columns: number]): Uint8Array {
  const facts = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const grown = facts + ' '.repeat(growthDigits - String(rows).length);
  const begin = magic.length + 2; // the header's own length is a uint16
  const size = Math.ceil((begin + grown.length + 1) / alignment) * alignment;
  const header = new Uint8Array(size);
  header.set(magic);
  new DataView(header.buffer).setUint16(magic.length, size - begin, true);
  header.set(encoder.encode(`${grown.padEnd(size - begin - 1)}\n`), begin);
  return header;
}
