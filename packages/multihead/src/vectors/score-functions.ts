/**
 * @file How near two vectors are: scores of which the higher is the nearer. Where a function is a dot product of what is made of
 *   the two vectors, one matrix product scores all pairs.
 */
import { UserError } from '../platform/errors.js';
import type { SimilarityName } from '../platform/similarity-names.js';
import type { Tensor } from '../tensor/tensor.js';

/** A function of two vectors. Vectors are rows of `size` elements, one behind the other. */
interface ScoreFunction {
  /** Elements of a prepared vector of `size`. */
  size(size: number): number;
  /** Queries whose products with prepared documents order the documents as the scores do. */
  queries(rows: Float32Array, size: number): Float32Array<ArrayBuffer>;
  documents(rows: Float32Array, size: number): Float32Array<ArrayBuffer>;
  /** What is computed of a prepared query and a prepared document. */
  readonly product: Product;
  /** Whether products are the scores. Else they find candidates, which `pair` scores. */
  readonly isScore: boolean;
  /** The score, in float64, of the vector of `size` elements that begins at `i` of a and the one that begins at `j` of b. */
  pair(a: Float32Array, i: number, b: Float32Array, j: number, size: number): number;
}

/** A number of two vectors, of which the higher is the nearer. */
interface Product {
  /** Tells graphs of products apart. */
  readonly name: string;
  /** Queries that are scored at a time. With the rows of a block of the corpus, what lies between fits a processor's cache. */
  readonly queryBlock: number;
  /** Of all pairs of queries [q, width] and documents [d, width]: [q, d]. */
  all(queries: Tensor, documents: Tensor): Tensor;
}

const dotProduct: Product = {
  name: 'dot',
  queryBlock: 256,
  all: (queries, documents) => queries.matmul(documents.transpose(0, 1)),
};

/** The sum of the absolute differences, negative. No matrix product gives it: all differences of a query are computed. */
const negativeDistance: Product = {
  name: 'distance',
  queryBlock: 1,
  all: (queries, documents) => queries.unsqueeze(1).sub(documents.unsqueeze(0)).abs().sum(-1).neg(),
};

type Pair = ScoreFunction['pair'];

const dotOfPair: Pair = (a, i, b, j, size) => {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += (a[i + k] as number) * (b[j + k] as number);
  return sum;
};

const cosineOfPair: Pair = (a, i, b, j, size) => {
  const lengthOf = (rows: Float32Array, start: number) =>
    Math.max(Math.sqrt(dotOfPair(rows, start, rows, start, size)), leastLength);
  return dotOfPair(a, i, b, j, size) / (lengthOf(a, i) * lengthOf(b, j));
};

const euclideanOfPair: Pair = (a, i, b, j, size) => {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += ((a[i + k] as number) - (b[j + k] as number)) ** 2;
  return -Math.sqrt(sum);
};

const manhattanOfPair: Pair = (a, i, b, j, size) => {
  let sum = 0;
  for (let k = 0; k < size; k++) sum -= Math.abs((a[i + k] as number) - (b[j + k] as number));
  return sum;
};

/** Vectors shorter than this are divided by it, as PyTorch's `normalize` does, so that a vector of zeros stays one. */
const leastLength = 1e-12;

/** Rows of length 1. */
function normalized(rows: Float32Array, size: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += size) {
    const length = Math.max(Math.sqrt(squares(rows, start, size)), leastLength);
    for (let i = start; i < start + size; i++) out[i] = (rows[i] as number) / length;
  }
  return out;
}

function squares(rows: Float32Array, start: number, size: number): number {
  let sum = 0;
  for (let i = start; i < start + size; i++) sum += (rows[i] as number) ** 2;
  if (!Number.isFinite(sum)) throw notFinite();
  return sum;
}

/** The error of vectors that cannot be compared. */
export const notFinite = (): UserError =>
  new UserError('a vector holds NaN or infinity and cannot be ranked; recompute it, or leave it out');

/** Rows times a factor, with one element more. */
function extended(
  rows: Float32Array,
  size: number,
  { factor, last }: { readonly factor: number; last(start: number): number },
): Float32Array<ArrayBuffer> {
  const out = new Float32Array((rows.length / size) * (size + 1));
  for (let start = 0, to = 0; start < rows.length; start += size) {
    for (let i = start; i < start + size; i++) out[to++] = factor * (rows[i] as number);
    out[to++] = last(start);
  }
  return out;
}

const same = (size: number): number => size;
const copy = (rows: Float32Array): Float32Array<ArrayBuffer> => rows.slice();

/** `cosine`; `dot` product, which is the same of normalized vectors; `euclidean` and `manhattan`, the negative distances. */
export type ScoreFunctionName = SimilarityName;

/** A new function is a row, and a name in platform/similarity-names.ts. */
const functions: Readonly<Record<ScoreFunctionName, ScoreFunction>> = {
  cosine: {
    size: same,
    queries: normalized,
    documents: normalized,
    product: dotProduct,
    isScore: true,
    pair: cosineOfPair,
  },
  dot: { size: same, queries: copy, documents: copy, product: dotProduct, isScore: true, pair: dotOfPair },
  /**
   * -|q - d|, where |q - d|^2 = |q|^2 - (2q, 1) . (d, -|d|^2). Of vectors that are near to each other beside their lengths, the
   * product has lost the digits in which the distances differ.
   */
  euclidean: {
    size: (size) => size + 1,
    queries: (rows, size) => extended(rows, size, { factor: 2, last: () => 1 }),
    documents: (rows, size) => extended(rows, size, { factor: 1, last: (start) => -squares(rows, start, size) }),
    product: dotProduct,
    isScore: false,
    pair: euclideanOfPair,
  },
  manhattan: {
    size: same,
    queries: copy,
    documents: copy,
    product: negativeDistance,
    isScore: true,
    pair: manhattanOfPair,
  },
};

/** The names of all score functions. */
export const scoreFunctionNames = Object.keys(functions) as ScoreFunctionName[];

/** The score function of a name. @throws UserError where there is none */
export function scoreFunctionNamed(name: ScoreFunctionName): ScoreFunction {
  if (Object.hasOwn(functions, name)) return functions[name];
  throw new UserError(`scoreFunction is ${JSON.stringify(name)}; there are: ${scoreFunctionNames.join(', ')}`);
}
