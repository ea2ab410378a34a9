/** @file Hits of a coarse search, scored and ordered anew by vectors of more precision. */
import { UserError } from '../platform/errors.js';
import type { Nearest } from './nearest.js';
import { type ScoreFunctionName, scoreFunctionNamed } from './score-functions.js';
import type { VectorSource } from './vectors.js';

/** Rows that are read at a time; blocks without a hit are not read. */
const block = 1024;

/** The k best of what was found, by the vectors of a source. */
export async function rescored(
  found: Nearest,
  queries: VectorSource,
  source: VectorSource,
  { k: wanted, scoreFunction }: { readonly k: number; readonly scoreFunction: ScoreFunctionName },
): Promise<Nearest> {
  const [count, size] = queries.shape;
  const [rows, sourceSize] = source.shape;
  const least = found.ids.reduce((most, id) => Math.max(most, id + 1), 0);
  if (rows < least || (count > 0 && sourceSize !== size)) {
    throw new UserError(
      `rescoreWith: ${rows} vectors of ${sourceSize} elements; expected the corpus's own, of ${size} elements`,
    );
  }
  const score = scoreFunctionNamed(scoreFunction);
  const width = score.size(size);
  const prepared = score.queries(await queries.read(0, count), size);
  const products = new Float32Array(found.ids.length);
  for (const [number, places] of placesByBlock(found.ids)) {
    const start = number * block;
    const documents = score.documents(await source.read(start, Math.min(start + block, rows)), size);
    for (const at of places) {
      const query = Math.floor(at / found.k) * width;
      const document = ((found.ids[at] as number) - start) * width;
      products[at] = score.product.one(prepared, query, documents, document, width);
    }
  }
  const k = Math.min(wanted, found.k);
  const ids = new Int32Array(count * k);
  const scores = new Float32Array(count * k);
  for (let row = 0; row < count; row++) {
    const query = prepared.subarray(row * width, (row + 1) * width);
    const order = Array.from({ length: found.k }, (_, i) => row * found.k + i);
    order.sort(
      (a, b) =>
        (products[b] as number) - (products[a] as number) || (found.ids[a] as number) - (found.ids[b] as number),
    );
    for (const [rank, at] of order.slice(0, k).entries()) {
      ids[row * k + rank] = found.ids[at] as number;
      scores[row * k + rank] = score.score(products[at] as number, query);
    }
  }
  return { ids, scores, k };
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
