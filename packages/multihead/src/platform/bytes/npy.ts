/** @file NumPy's file format .npy, version 1.0: a header, then the elements row by row, little-endian. */
import { UserError } from '../errors.js';

const encoder = new TextEncoder();
const magic = [0x93, ...encoder.encode('NUMPY')];
const version = [1, 0];
const alignment = 64;
/** NumPy leaves room for the first dimension to grow to so many digits: the header's length does not depend on it. */
const growthDigits = 21;

/** NumPy's names of element types that rows of numbers are stored in, and the bytes of an element. */
export const npyTypes = { '<f4': 4, '<f2': 2, '<f8': 8, '|i1': 1, '|u1': 1 } as const;

/** An element type of {@link npyTypes}. */
export type NpyType = keyof typeof npyTypes;

/**
 * The header of a file, byte for byte as `numpy.save` writes it.
 *
 * @param shape rows and columns
 * @param type  NumPy's name of the elements' type. Default: float32's.
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * await writeFile('vectors.npy', [npyHeader([2, 384]), new Uint8Array(vectors.buffer)]);
 */
export function npyHeader(
  [rows, columns]: readonly [rows: number, columns: number],
  type: NpyType = '<f4',
): Uint8Array {
  const facts = `{'descr': '${type}', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const grown = facts + ' '.repeat(growthDigits - String(rows).length);
  const begin = magic.length + version.length + 2; // the header's own length is a uint16
  const size = Math.ceil((begin + grown.length + 1) / alignment) * alignment;
  const header = new Uint8Array(size);
  header.set([...magic, ...version]);
  new DataView(header.buffer).setUint16(magic.length + version.length, size - begin, true);
  header.set(encoder.encode(`${grown.padEnd(size - begin - 1)}\n`), begin);
  return header;
}

/** What the header of a file says. */
export interface NpyHeader {
  readonly type: NpyType;
  /** Rows and columns. */
  readonly shape: readonly [rows: number, columns: number];
  /** Offset of the first element in bytes. */
  readonly begin: number;
}

/** Bytes from the beginning of a file in which the header of a table of numbers ends. */
export const npyHeaderLimit = 4096;

/**
 * Reads the header of a file: versions 1 to 3, a table of two dimensions in C's order.
 *
 * @param bytes the file's first {@link npyHeaderLimit} bytes, or all that it has
 * @param name  the file's, for errors
 * @throws UserError for another kind of file or of array
 */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new UserError(`${name}: not a NumPy file (.npy)`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isFirst = bytes[magic.length] === 1;
  const at = magic.length + version.length;
  const begin = isFirst ? at + 2 + view.getUint16(at, true) : at + 4 + view.getUint32(at, true);
  const text = new TextDecoder('latin1').decode(bytes.subarray(at + (isFirst ? 2 : 4), begin));
  const facts =
    /'descr': *'(?<type>[^']*)', *'fortran_order': *(?<order>True|False), *'shape': *\((?<shape>[^)]*)\)/.exec(text);
  const { type = '', order, shape = '' } = facts?.groups ?? {};
  if (begin > bytes.length || !facts) throw new UserError(`${name}: its header is not one that numpy.save writes`);
  if (!Object.hasOwn(npyTypes, type)) {
    throw new UserError(
      `${name}: its elements are of type ${type}; expected one of ${Object.keys(npyTypes).join(', ')}`,
    );
  }
  const sizes = shape.split(',').filter((part) => part.trim() !== '');
  if (sizes.length !== 2 || order === 'True') {
    throw new UserError(
      `${name}: an array of shape (${shape})${order === 'True' ? " in Fortran's order" : ''}; expected rows and columns in C's order`,
    );
  }
  return { type: type as NpyType, shape: [Number(sizes[0]), Number(sizes[1])], begin };
}
