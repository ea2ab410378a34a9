/** @file The k vectors of a corpus that are nearest to each query. */
import { bestProducts, type Nearest } from './best-products.js';
import { rescored } from './rescore.js';
import { type ScoreFunctionName, scoreFunctionNamed } from './score-functions.js';
import type { VectorSource } from './vectors.js';

/**
 * Candidates beyond k, where products only find candidates. Products of nearly equal vectors differ by less than float32 shows;
 * these make room for as many that were ordered wrongly.
 */
const spare = 16;

/** Finds the k best rows of a corpus for each query. */
export async function nearest(
  queries: VectorSource,
  corpus: VectorSource,
  { k, scoreFunction }: { readonly k: number; readonly scoreFunction: ScoreFunctionName },
): Promise<Nearest> {
  if (scoreFunctionNamed(scoreFunction).isScore) return bestProducts(queries, corpus, { k, scoreFunction });
  const center = await centerOf(corpus);
  const candidates = await bestProducts(shifted(queries, center), shifted(corpus, center), {
    k: k + spare,
    scoreFunction,
  });
  return rescored(candidates, queries, corpus, { k, scoreFunction });
}

/** Rows of a corpus among which its center is looked for. */
const sample = 256;

/**
 * The vector nearest to the mean of the first ones. Distances stay the same when it is subtracted from all vectors, but those far
 * from the origin lose fewer digits. Being one of the corpus, it leaves whole numbers whole.
 */
async function centerOf(corpus: VectorSource): Promise<Float32Array> {
  const [count, size] = corpus.shape;
  const rows = await corpus.read(0, Math.min(count, sample));
  const mean = new Float64Array(size);
  for (const [i, x] of rows.entries()) mean[i % size] = (mean[i % size] as number) + (x * size) / rows.length;
  let [center, least] = [0, Number.POSITIVE_INFINITY];
  for (let start = 0; start < rows.length; start += size) {
    let squares = 0;
    for (let i = 0; i < size; i++) squares += ((rows[start + i] as number) - (mean[i] as number)) ** 2;
    if (squares < least) [center, least] = [start, squares];
  }
  return rows.slice(center, center + size);
}

/** Vectors less a center. */
const shifted = (source: VectorSource, center: Float32Array): VectorSource => ({
  shape: source.shape,
  async read(start, end) {
    const rows = (await source.read(start, end)).slice();
    for (let from = 0; from < rows.length; from += center.length) {
      for (let i = 0; i < center.length; i++) rows[from + i] = (rows[from + i] as number) - (center[i] as number);
    }
    return rows;
  },
});
