/** @file The vectors of bench/peers/vector_search_fixtures.py, drawn anew, and what it wrote of them. Not part of the package. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Vectors } from '../vectors/vectors.js';
import { parkMiller } from './park-miller.js';

/** The folder of the fixtures. */
export const vectorFixtures = fileURLToPath(new URL('../../fixtures/vectors/', import.meta.url));

type Hit = readonly [corpusId: number, score: number];

/** What sentence-transformers found. */
export const expectedOfVectors = JSON.parse(readFileSync(`${vectorFixtures}search.json`, 'utf8')) as {
  search: Readonly<Record<'cosine' | 'dot' | 'euclidean' | 'manhattan', readonly (readonly Hit[])[]>>;
  quantized: Readonly<Record<'int8' | 'uint8' | 'binary' | 'ubinary' | 'int8 by queries', readonly number[][]>>;
  rescored: Readonly<Record<'int8' | 'ubinary', readonly (readonly Hit[])[]>>;
  communities: readonly { threshold: number; least: number; found: readonly (readonly number[])[] }[];
  pairs: readonly { topK: number; maxPairs: number; found: readonly (readonly [number, number, number])[] }[];
};

const size = 20;

/** Vectors around five centres. */
export function drawnVectors(seed: number, count: number): Vectors {
  const below = parkMiller(seed);
  const number = () => (below(2001) - 1000) / 1000;
  const centres = Array.from({ length: 5 }, () => Array.from({ length: size }, number));
  const rows = Array.from({ length: count }, () => (centres[below(5)] as number[]).map((x) => x + 0.6 * number()));
  return { dtype: 'float32', data: Float32Array.from(rows.flat()), shape: [count, size] };
}
