/** @file The .npy file of `multihead embed`, in each precision; beside one of int8 lie the ranges of its elements. */
import { remove } from '#files';
import type { NpyType } from '../../../platform/bytes/npy.js';
import { UserError } from '../../../platform/errors.js';
import { rangesPath, readRanges } from '../../../vectors/open-vectors.js';
import { type Precision, quantizeEmbeddings } from '../../../vectors/quantize-embeddings.js';
import { type AnyVectors, joinVectors, storedSize, type Vectors } from '../../../vectors/vectors.js';
import { writtenNpy } from './npy-file.js';

type Parts = AsyncIterable<{ readonly vectors: Vectors }>;

const types: Readonly<Record<Precision, NpyType>> = {
  float32: '<f4',
  int8: '|i1',
  uint8: '|u1',
  binary: '|i1',
  ubinary: '|u1',
};

/** How vectors are written. */
export interface WriteVectorsOptions {
  /** Elements of a vector. */
  readonly size: number;
  readonly precision: Precision;
  /** The file with the ranges of int8 and uint8. Default: those of the vectors, which are held in memory until all are there. */
  readonly ranges?: string | undefined;
}

/** Writes vectors as they come. Whenever this ends, vectors never lie beside the ranges of others: those are removed first. */
export async function writeVectors(path: string, options: WriteVectorsOptions, parts: Parts): Promise<void> {
  const { size, precision } = options;
  const { data, ranges } = await encoded(parts, options);
  const columns = storedSize({ dtype: precision, shape: [0, size] });
  const file = await writtenNpy(path, { columns, type: types[precision] }, data);
  const beside = ranges && (await writtenNpy(rangesPath(path), { columns: size }, [ranges]));
  if (precision !== 'float32') await remove(rangesPath(path));
  await file.commit();
  await beside?.commit();
}

interface Encoded {
  readonly data: AsyncIterable<AnyVectors['data']> | readonly AnyVectors['data'][];
  /** Of int8 and uint8. */
  readonly ranges?: Float32Array;
}

/** The elements of the file, and their ranges: the given ones, or those of all vectors, which are then held in memory. */
async function encoded(parts: Parts, { size, precision, ranges: file }: WriteVectorsOptions): Promise<Encoded> {
  if (precision !== 'int8' && precision !== 'uint8') {
    return { data: quantized(parts, (vectors) => quantizeEmbeddings(vectors, precision)) };
  }
  if (file === undefined) {
    const { data, ranges } = quantizeEmbeddings(await joined(parts, size), precision);
    return { data: [data], ranges };
  }
  const ranges = await readRanges(file);
  if (ranges.length !== 2 * size) {
    throw new UserError(`--ranges ${file}: holds ${ranges.length} numbers; expected 2 x ${size}`);
  }
  return { data: quantized(parts, (vectors) => quantizeEmbeddings(vectors, precision, { ranges })), ranges };
}

async function* quantized(
  parts: Parts,
  change: (vectors: Vectors) => Pick<AnyVectors, 'data'>,
): AsyncGenerator<AnyVectors['data']> {
  for await (const { vectors } of parts) yield change(vectors).data;
}

async function joined(parts: Parts, size: number): Promise<Vectors> {
  const all: Float32Array[] = [];
  for await (const { vectors } of parts) all.push(vectors.data);
  return joinVectors(all, size);
}
