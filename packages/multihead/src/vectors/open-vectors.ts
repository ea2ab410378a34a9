/** @file Vectors in NumPy files, read a block at a time: a corpus may be larger than memory. */
import { exists, fileSize, readRange } from '#files';
import { widenFloat16 } from '../platform/bytes/float16.js';
import { type NpyHeader, npyHeaderLimit, npyTypes, readNpyHeader } from '../platform/bytes/npy.js';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { type AnyVectors, decode, storedSize, type VectorSource } from './vectors.js';

/** Options of {@link openVectors}. */
export interface OpenVectorsOptions {
  /**
   * What the bytes of a file of int8 or uint8 are. Default: numbers of the ranges beside the file
   * (`vectors.ranges.npy` of `vectors.npy`, as `multihead embed --precision int8` writes it) or in `ranges`; without them, bits.
   */
  readonly precision?: 'int8' | 'uint8' | 'binary' | 'ubinary' | undefined;
  /** For int8 and uint8: the least value of each element, then the greatest, [2, size]. Default: those beside the file. */
  readonly ranges?: Float32Array | undefined;
  /** For bits: elements of a vector, where they are not a multiple of 8. */
  readonly size?: number | undefined;
}

const optionNames = namesOf<OpenVectorsOptions>({ precision: true, ranges: true, size: true });

/** The name of the file with the ranges of another. */
export const rangesPath = (path: string): string => path.replace(/(\.npy)?$/, '.ranges.npy');

/**
 * Opens a file of vectors, as `numpy.save` and `multihead embed --output` write it: float32, float64, float16, int8, uint8, or
 * bits in bytes.
 *
 * @throws UserError for a file of another kind, and one that is shorter than its header says
 * @example
 * import { openVectors, semanticSearch } from 'multihead/vectors';
 * const corpus = await openVectors('corpus.npy');
 * const hits = await semanticSearch(await openVectors('queries.npy'), corpus, { topK: 5 });
 */
export async function openVectors(path: string, options: OpenVectorsOptions = {}): Promise<VectorSource> {
  checkOptionNames(options, optionNames, 'openVectors');
  const header = await readHeader(path);
  const ranges = options.ranges ?? (await rangesBeside(path, header));
  const stored = storedVectors(header, { ...options, ranges }, path);
  const step = storedSize(stored) * npyTypes[header.type];
  const read = async (start: number, end: number): Promise<Float32Array> => {
    const bytes = await readRange(path, header.begin + start * step, header.begin + end * step);
    return decode(stored, elementsOf(bytes, header.type));
  };
  return { shape: stored.shape, read };
}

async function readHeader(path: string): Promise<NpyHeader> {
  const size = await fileSize(path);
  const header = readNpyHeader(await readRange(path, 0, Math.min(size, npyHeaderLimit)), path);
  const [rows, columns] = header.shape;
  const expected = header.begin + rows * columns * npyTypes[header.type];
  if (size >= expected) return header;
  throw new UserError(
    `${path}: has ${size} bytes; its header says ${rows} x ${columns} elements, of ${expected} bytes`,
  );
}

async function rangesBeside(path: string, { type }: NpyHeader): Promise<Float32Array | undefined> {
  const beside = rangesPath(path);
  return type.endsWith('1') && (await exists(beside)) ? readRanges(beside) : undefined;
}

/** The least value of each element, then the greatest, of a file of ranges. */
export async function readRanges(path: string): Promise<Float32Array> {
  const { begin, shape, type } = await readHeader(path);
  if (type.endsWith('1')) throw new UserError(`${path}: holds bytes; ranges are float32 numbers`);
  const bytes = await readRange(path, begin, begin + shape[0] * shape[1] * npyTypes[type]);
  return elementsOf(bytes, type) as Float32Array;
}

type Stored = Pick<AnyVectors, 'dtype' | 'shape'> & { readonly ranges?: Float32Array | undefined };

function storedVectors({ type, shape }: NpyHeader, options: OpenVectorsOptions, path: string): Stored {
  const { ranges } = options;
  const [rows, columns] = shape;
  if (!type.endsWith('1')) return { dtype: 'float32', shape };
  const isSigned = type === '|i1';
  const scalar = isSigned ? 'int8' : 'uint8';
  const { precision = ranges ? scalar : isSigned ? 'binary' : 'ubinary' } = options;
  if (!(isSigned ? ['int8', 'binary'] : ['uint8', 'ubinary']).includes(precision)) {
    throw new UserError(`${path}: its elements are of type ${type}, which precision ${precision} is not stored in`);
  }
  if (precision === 'binary' || precision === 'ubinary') {
    const { size = 8 * columns } = options;
    if (Math.ceil(size / 8) === columns) return { dtype: precision, shape: [rows, size] };
    const without = size === columns && !options.precision ? `; ${scalar} needs ranges, in ${rangesPath(path)}` : '';
    throw new UserError(
      `${path}: ${columns} bytes a vector, and bits of ${size} elements take ${Math.ceil(size / 8)}${without}`,
    );
  }
  if (ranges?.length === 2 * columns) return { dtype: precision, shape, ranges };
  const given = ranges ? `are ${ranges.length} numbers` : 'are missing';
  throw new UserError(
    `${path}: the ranges of its ${precision} vectors ${given}; expected 2 x ${columns} float32 numbers in ` +
      `${rangesPath(path)}, or as ranges`,
  );
}

/** Elements of a file; a copy begins at a multiple of their size, as their typed array must. */
function elementsOf(bytes: Uint8Array<ArrayBuffer>, type: NpyHeader['type']): Float32Array | Int8Array | Uint8Array {
  const { buffer } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const place = [buffer, 0, bytes.length / npyTypes[type]] as const;
  switch (type) {
    case '<f4':
      return new Float32Array(...place);
    case '<f8':
      return Float32Array.from(new Float64Array(...place));
    case '<f2':
      return widenFloat16(new Uint16Array(...place));
    case '|i1':
      return new Int8Array(...place);
    case '|u1':
      return bytes;
  }
}
