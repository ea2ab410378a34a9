/** @file Groups of vectors that are near to one of them, as `community_detection` of sentence-transformers finds them. */
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import type { Nearest } from './best-products.js';
import { nearest } from './nearest.js';
import { type AnyVectors, checkCount, sourceOf, type VectorSource } from './vectors.js';

/** Options of {@link communityDetection}. */
export interface CommunityDetectionOptions {
  /** The least cosine similarity to the central vector. Default: 0.75. */
  readonly threshold?: number | undefined;
  /** The least number of vectors of a community. Default: 10. */
  readonly minCommunitySize?: number | undefined;
}

const optionNames = namesOf<CommunityDetectionOptions>({ threshold: true, minCommunitySize: true });

/** A vector, and all that are near to it, nearest first. */
interface Neighbourhood {
  readonly center: number;
  readonly members: readonly number[];
}

/**
 * Finds communities: vectors whose cosine similarity to a central one is at least a threshold. Each vector is in one community
 * at most; larger neighbourhoods take theirs first.
 *
 * @returns for each community the rows of its vectors, the central one first, then the nearest; the largest community first
 * @example
 * import { communityDetection } from 'multihead/vectors';
 * const vectors = { dtype: 'float32', data: Float32Array.of(1, 0, 0, 1, 0.9, 0.1), shape: [3, 2] } as const;
 * await communityDetection(vectors, { threshold: 0.9, minCommunitySize: 2 }); // [[0, 2]]
 */
export async function communityDetection(
  vectors: AnyVectors | VectorSource,
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
  return withoutOverlap(
    await neighbourhoods(source, Math.fround(threshold), minCommunitySize),
    count,
    minCommunitySize,
  );
}

/** Neighbourhoods that are large enough, in the order of their centers. */
async function neighbourhoods(source: VectorSource, threshold: number, least: number): Promise<Neighbourhood[]> {
  const [count] = source.shape;
  const cosine = { scoreFunction: 'cosine' } as const;
  const lastIsNear = ({ scores, k }: Nearest, row: number) => (scores[row * k + k - 1] as number) >= threshold;
  const first = await nearest(source, source, { k: least, ...cosine });
  let open = Array.from({ length: count }, (_, row) => row).filter((row) => lastIsNear(first, row));
  const whole: Neighbourhood[] = [];
  // A neighbourhood is whole when the last that was found is no part of it; the others are sought again, twice as far.
  for (let k = Math.min(Math.max(2 * least, 50), count); open.length > 0; k = Math.min(2 * k, count)) {
    const found = await nearest(await rowsOf(source, open), source, { k, ...cosine });
    const isOpen = (row: number) => k < count && lastIsNear(found, row);
    for (const [row, center] of open.entries()) {
      if (!isOpen(row)) whole.push({ center, members: membersOf(found, row, threshold) });
    }
    open = open.filter((_, row) => isOpen(row));
  }
  return whole.sort((a, b) => a.center - b.center);
}

function membersOf({ ids, scores, k }: Nearest, row: number, threshold: number): number[] {
  return Array.from(ids.subarray(row * k, (row + 1) * k)).filter(
    (_, i) => (scores[row * k + i] as number) >= threshold,
  );
}

/** Rows that are read at a time. */
const block = 8192;

async function rowsOf(source: VectorSource, rows: readonly number[]): Promise<VectorSource> {
  const [count, size] = source.shape;
  const data = new Float32Array(rows.length * size);
  let next = 0;
  for (let start = 0; start < count && next < rows.length; start += block) {
    const end = Math.min(start + block, count);
    if ((rows[next] as number) >= end) continue;
    const read = await source.read(start, end);
    for (; next < rows.length && (rows[next] as number) < end; next++) {
      const from = ((rows[next] as number) - start) * size;
      data.set(read.subarray(from, from + size), next * size);
    }
  }
  return sourceOf({ dtype: 'float32', data, shape: [rows.length, size] });
}

function withoutOverlap(found: readonly Neighbourhood[], count: number, least: number): number[][] {
  const largestFirst = [...found].sort((a, b) => b.members.length - a.members.length);
  const isTaken = new Uint8Array(count);
  const communities: number[][] = [];
  for (const { center, members } of largestFirst) {
    if (isTaken[center]) continue;
    const left = members.filter((row) => !isTaken[row]);
    if (left.length < least) continue;
    const community = [center, ...left.filter((row) => row !== center)];
    for (const row of community) isTaken[row] = 1;
    communities.push(community);
  }
  return communities.sort((a, b) => b.length - a.length);
}
