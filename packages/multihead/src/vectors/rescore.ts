/** @file Hits of a coarse search, scored and ordered again, pair by pair in float64, perhaps by vectors of more precision. */
import type { Nearest } from './best-products.js';
import { notFinite, type ScoreFunctionName, scoreFunctionNamed } from './score-functions.js';
import { chunksOf, type VectorSource } from './vectors.js';

/** Rows that are read at a time; blocks without a hit are not read. */
const block = 1024;

/** The k best of what was found, by the vectors of a source. */
export async function rescored(
  found: Nearest,
  queries: VectorSource,
  source: VectorSource,
  { k: wanted, scoreFunction }: { readonly k: number; readonly scoreFunction: ScoreFunctionName },
): Promise<Nearest> {
  const [count] = queries.shape;
  const scores = await scoresOf(found, queries, source, scoreFunction);
  return bestOf(found, scores, { count, k: Math.min(wanted, found.k) });
}

/** The score of each hit. */
async function scoresOf(
  found: Nearest,
  queries: VectorSource,
  source: VectorSource,
  scoreFunction: ScoreFunctionName,
): Promise<Float32Array> {
  const [rows, size] = source.shape;
  const { pair } = scoreFunctionNamed(scoreFunction);
  const scores = new Float32Array(found.ids.length);
  for await (const { from, vectors } of chunksOf(queries)) {
    const first = from * found.k;
    const ids = found.ids.subarray(first, first + (vectors.length / size) * found.k);
    for (const [number, places] of placesByBlock(ids)) {
      const start = number * block;
      const documents = await source.read(start, Math.min(start + block, rows));
      for (const at of places) {
        const query = Math.floor(at / found.k) * size;
        const document = ((ids[at] as number) - start) * size;
        const value = pair(vectors, query, documents, document, size);
        if (!Number.isFinite(value)) throw notFinite();
        scores[first + at] = value;
      }
    }
  }
  return scores;
}

/** The k best hits of each query by their scores; of equal scores the first row comes first. */
function bestOf(
  found: Nearest,
  scores: Float32Array,
  { count, k }: { readonly count: number; readonly k: number },
): Nearest {
  const best = { ids: new Int32Array(count * k), scores: new Float32Array(count * k), k };
  for (let row = 0; row < count; row++) {
    const order = Array.from({ length: found.k }, (_, i) => row * found.k + i);
    order.sort(
      (a, b) => (scores[b] as number) - (scores[a] as number) || (found.ids[a] as number) - (found.ids[b] as number),
    );
    for (const [rank, at] of order.slice(0, k).entries()) {
      best.ids[row * k + rank] = found.ids[at] as number;
      best.scores[row * k + rank] = scores[at] as number;
    }
  }
  return best;
}

/** Places of hits by the block that their row lies in, blocks in their order. */
function placesByBlock(ids: Int32Array): [number, number[]][] {
  const blocks = new Map<number, number[]>();
  for (const [at, id] of ids.entries()) {
    const number = Math.floor(id / block);
    const places = blocks.get(number);
    if (places) places.push(at);
    else blocks.set(number, [at]);
  }
  return [...blocks].sort(([a], [b]) => a - b);
}
