/** @file Groups of vectors that are near to one of them, as `community_detection` of sentence-transformers finds them. */
import type { TensorValue } from '../engine/engine.js';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { reduceProducts } from './block-products.js';
import { nearest } from './nearest.js';
import { type AnyVectors, checkCount, sourceOf, type VectorRows, type VectorSource } from './vectors.js';

/** Options of {@link communityDetection}. */
export interface CommunityDetectionOptions {
  /** The least cosine similarity to the central vector. Default: 0.75. */
  readonly threshold?: number | undefined;
  /** The least number of vectors of a community. Default: 10. */
  readonly minCommunitySize?: number | undefined;
}

const optionNames = namesOf<CommunityDetectionOptions>({ threshold: true, minCommunitySize: true });

/**
 * Finds communities: vectors whose cosine similarity to a central one is at least a threshold. Each vector is in one community
 * at most; larger neighbourhoods take theirs first. All pairs are compared, with memory for the sizes of the neighbourhoods.
 *
 * @param vectors [count, size]; in memory, or a file of any size by `openVectors`
 * @returns for each community the rows of its vectors, the central one first, then the nearest; the largest community first
 * @throws UserError for data that does not fit its shape, for vectors with NaN or infinity, for a `threshold` that is no number up
 *   to 1, and for a `minCommunitySize` that is no whole number from 1
 * @example
 * import { communityDetection } from 'multihead/vectors';
 * const vectors = { dtype: 'float32', data: Float32Array.of(1, 0, 0, 1, 0.9, 0.1), shape: [3, 2] } as const;
 * await communityDetection(vectors, { threshold: 0.9, minCommunitySize: 2 }); // [[0, 2]]
 */
export async function communityDetection(
  vectors: AnyVectors | VectorSource | VectorRows,
  options: CommunityDetectionOptions = {},
): Promise<number[][]> {
  checkOptionNames(options, optionNames, 'communityDetection');
  const { threshold = 0.75, minCommunitySize = 10 } = options;
  checkCount('minCommunitySize', minCommunitySize);
  if (!(Number.isFinite(threshold) && threshold <= 1))
    throw new UserError(`threshold is ${threshold}; it must be a number up to 1`);
  const source = sourceOf(vectors);
  const [count] = source.shape;
  if (count < minCommunitySize) return [];
  const sizes = await neighbourhoodSizes(source, Math.fround(threshold));
  return withoutOverlap(source, sizes, minCommunitySize);
}

/** The number of vectors near to each one, itself included. */
async function neighbourhoodSizes(source: VectorSource, threshold: number): Promise<Int32Array> {
  const sizes = new Int32Array(source.shape[0]);
  await reduceProducts(source, source, {
    scoreFunction: 'cosine',
    name: `count from ${threshold}`,
    outputs: (products, rows) => ({ near: products.less(threshold).cast('float32').sum(-1).neg().add(rows) }),
    take({ near }, query) {
      for (const [i, size] of (near as TensorValue).data.entries()) {
        sizes[query + i] = (sizes[query + i] as number) + Number(size);
      }
    },
  });
  return sizes;
}

/** Members of neighbourhoods that are held in memory at a time: with their scores 16 MiB. */
const mostMembers = 2 ** 21;

/**
 * Accepts the largest neighbourhoods first, each without the vectors of those before. Members are looked for a few neighbourhoods
 * at a time, and only of those whose center is still free.
 */
async function withoutOverlap(source: VectorSource, sizes: Int32Array, least: number): Promise<number[][]> {
  const isTaken = new Uint8Array(sizes.length);
  const communities: number[][] = [];
  const sizeOf = (center: number) => sizes[center] as number;
  let open = [...sizes.keys()].filter((row) => sizeOf(row) >= least).sort((a, b) => sizeOf(b) - sizeOf(a));
  while (open.length > 0) {
    const k = sizeOf(open[0] as number);
    const centers = open.slice(0, Math.ceil(mostMembers / k));
    const { ids } = await nearest(await rowsOf(source, centers), source, { k, scoreFunction: 'cosine' });
    for (const [i, center] of centers.entries()) {
      if (isTaken[center]) continue;
      const left = Array.from(ids.subarray(i * k, i * k + sizeOf(center))).filter((row) => !isTaken[row]);
      if (left.length < least) continue;
      const community = [center, ...left.filter((row) => row !== center)];
      for (const row of community) isTaken[row] = 1;
      communities.push(community);
    }
    open = open.slice(centers.length).filter((center) => !isTaken[center]);
  }
  return communities.sort((a, b) => b.length - a.length);
}

/** Rows that are read at a time. */
const block = 8192;

/** Some rows of a source, in the given order. */
async function rowsOf(source: VectorSource, rows: readonly number[]): Promise<VectorSource> {
  const [count, size] = source.shape;
  const data = new Float32Array(rows.length * size);
  const order = [...rows.keys()].sort((a, b) => (rows[a] as number) - (rows[b] as number));
  let next = 0;
  const nextRow = () => rows[order[next] as number] as number;
  for (let start = 0; next < order.length; start += block) {
    const end = Math.min(start + block, count);
    if (nextRow() >= end) continue;
    const read = await source.read(start, end);
    for (; next < order.length && nextRow() < end; next++) {
      const from = (nextRow() - start) * size;
      data.set(read.subarray(from, from + size), (order[next] as number) * size);
    }
  }
  return sourceOf({ dtype: 'float32', data, shape: [rows.length, size] });
}
