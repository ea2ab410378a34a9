/** @file The .npy file of `multihead embed`, in each precision; beside one of int8 lie the ranges of its elements. */
import { remove } from '#files';
import type { NpyType } from '../../../platform/bytes/npy.js';
import { UserError } from '../../../platform/errors.js';
import { rangesPath, readRanges } from '../../../vectors/open-vectors.js';
import { type Precision, quantizeEmbeddings } from '../../../vectors/quantize-embeddings.js';
import { type AnyVectors, joinVectors, storedSize, type Vectors } from '../../../vectors/vectors.js';
import { writeNpy } from './npy-file.js';

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

/** Writes vectors as they come. */
export async function writeVectors(
  path: string,
  { size, precision, ranges: rangesFile }: WriteVectorsOptions,
  parts: Parts,
): Promise<void> {
  const isScalar = precision === 'int8' || precision === 'uint8';
  const columns = storedSize({ dtype: precision, shape: [0, size] });
  const form = { columns, type: types[precision] };
  if (!isScalar) {
    await writeNpy(
      path,
      form,
      quantized(parts, (vectors) => quantizeEmbeddings(vectors, precision)),
    );
    // Those of a file of int8 that was there before would make numbers of the bits.
    if (precision !== 'float32') await remove(rangesPath(path));
    return;
  }
  const given = rangesFile === undefined ? undefined : await readRanges(rangesFile);
  if (given && given.length !== 2 * size) {
    throw new UserError(`--ranges ${rangesFile}: holds ${given.length} numbers; expected 2 x ${size}`);
  }
  const whole = given ? undefined : await joined(parts, size);
  const ranges = given ?? quantizeEmbeddings(whole as Vectors, precision).ranges;
  const source = whole ? one(whole) : parts;
  await writeNpy(
    path,
    form,
    quantized(source, (vectors) => quantizeEmbeddings(vectors, precision, { ranges })),
  );
  await writeNpy(
    rangesPath(path),
    { columns: size },
    quantized(one({ dtype: 'float32', data: ranges, shape: [2, size] }), (rows) => rows),
  );
}

async function* quantized(
  parts: Parts,
  change: (vectors: Vectors) => Pick<AnyVectors, 'data'>,
): AsyncGenerator<AnyVectors['data']> {
  for await (const { vectors } of parts) yield change(vectors).data;
}

async function* one(vectors: Vectors): AsyncGenerator<{ readonly vectors: Vectors }> {
  yield { vectors };
}

async function joined(parts: Parts, size: number): Promise<Vectors> {
  const all: Float32Array[] = [];
  for await (const { vectors } of parts) all.push(vectors.data);
  return joinVectors(all, size);
}
