/**
 * @file How near two vectors are: scores of which the higher is the nearer. Each is a dot product of what is made of the two
 *   vectors, so that one matrix product scores all pairs, whichever the function.
 */
import { UserError } from '../platform/errors.js';

/** A function of two vectors, made a dot product. Vectors are rows of `size` elements, one behind the other. */
interface ScoreFunction {
  /** Elements of a prepared vector of `size`. */
  size(size: number): number;
  /** Queries whose dot products with prepared documents order the documents as the scores do. */
  queries(rows: Float32Array, size: number): Float32Array<ArrayBuffer>;
  documents(rows: Float32Array, size: number): Float32Array<ArrayBuffer>;
  /** The score of a dot product with the prepared query. */
  score(dot: number, query: Float32Array): number;
}

/** Rows of length 1, as PyTorch's `normalize` makes them: those shorter than 1e-12 are divided by that. */
function normalized(rows: Float32Array, size: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(rows.length);
  for (let start = 0; start < rows.length; start += size) {
    const length = Math.max(Math.sqrt(squares(rows, start, size)), 1e-12);
    for (let i = start; i < start + size; i++) out[i] = (rows[i] as number) / length;
  }
  return out;
}

function squares(rows: Float32Array, start: number, size: number): number {
  let sum = 0;
  for (let i = start; i < start + size; i++) sum += (rows[i] as number) ** 2;
  return sum;
}

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
const identity = (dot: number): number => dot;

/** `cosine`; `dot` product, which is the same of normalized vectors; `euclidean`, the negative distance. */
export type ScoreFunctionName = 'cosine' | 'dot' | 'euclidean';

/** A new function is a row, and a name above. */
const functions: Readonly<Record<ScoreFunctionName, ScoreFunction>> = {
  cosine: { size: same, queries: normalized, documents: normalized, score: identity },
  dot: { size: same, queries: copy, documents: copy, score: identity },
  /** -|q - d|, where |q - d|^2 = |q|^2 - (2q, 1) . (d, -|d|^2). */
  euclidean: {
    size: (size) => size + 1,
    queries: (rows, size) => extended(rows, size, { factor: 2, last: () => 1 }),
    documents: (rows, size) => extended(rows, size, { factor: 1, last: (start) => -squares(rows, start, size) }),
    score: (dot, query) => -Math.sqrt(Math.max(squares(query, 0, query.length - 1) / 4 - dot, 0)),
  },
};

/** The names of all score functions. */
export const scoreFunctionNames = Object.keys(functions) as ScoreFunctionName[];

/** The score function of a name. @throws UserError where there is none */
export function scoreFunctionNamed(name: ScoreFunctionName): ScoreFunction {
  if (Object.hasOwn(functions, name)) return functions[name];
  throw new UserError(`scoreFunction is ${JSON.stringify(name)}; there are: ${scoreFunctionNames.join(', ')}`);
}
