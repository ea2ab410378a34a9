/**
 * @file Searches of drawn vectors are those of a naive implementation. Elements are small whole numbers, whose sums are exact in
 *   float32, so that scores, ties and the order of hits are, too.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { npyHeader } from '../platform/bytes/npy.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { communityDetection } from './community-detection.js';
import { openVectors } from './open-vectors.js';
import { paraphraseMining } from './paraphrase-mining.js';
import { quantizeEmbeddings } from './quantize-embeddings.js';
import { semanticSearch } from './semantic-search.js';
import type { AnyVectors, Vectors } from './vectors.js';

const folder = temporaryFolder();

type Rows = readonly (readonly number[])[];

const vectorsOf = (rows: Rows): Vectors => ({
  dtype: 'float32',
  data: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]?.length ?? 1],
});

/** Rows of whole numbers; few values make equal vectors and equal scores. */
const drawnRows = (size: number, most: number) =>
  fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: size, maxLength: size }), {
    minLength: 1,
    maxLength: most,
  });

/** A corpus, queries of the same size, and a number of hits, which may be more than there are. */
const drawn = fc
  .integer({ min: 1, max: 19 })
  .chain((size) =>
    fc.record({ corpus: drawnRows(size, 40), queries: drawnRows(size, 4), topK: fc.integer({ min: 1, max: 50 }) }),
  );

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
const scores: Readonly<Record<'dot' | 'euclidean', typeof dot>> = {
  dot,
  euclidean: (a, b) => -Math.sqrt(a.reduce((sum, x, i) => sum + (x - (b[i] as number)) ** 2, 0)),
};
const signs = (rows: Rows) => rows.map((row) => row.map((x) => (x > 0 ? 1 : -1)));

/** The best rows by their scores; of equal ones the first. */
const best = (score: (row: number) => number, rows: readonly number[], count: number) =>
  rows
    .map((corpusId) => ({ corpusId, score: Math.fround(score(corpusId)) + 0 }))
    .sort((a, b) => b.score - a.score || a.corpusId - b.corpusId)
    .slice(0, count);

const naive = (queries: Rows, corpus: Rows, topK: number, name: 'dot' | 'euclidean') =>
  queries.map((query) => best((row) => scores[name](query, corpus[row] as number[]), [...corpus.keys()], topK));

/** Ranges of which a step is 1: int8 holds whole numbers exactly. */
const wholeNumbers = (size: number) => Float32Array.from({ length: 2 * size }, (_, i) => (i < size ? -128 : 127));

/** A NumPy file as numpy.save writes it. */
function save(name: string, { data, shape: [count] }: Pick<AnyVectors, 'data' | 'shape'>): string {
  const type = data instanceof Float32Array ? '<f4' : data instanceof Int8Array ? '|i1' : '|u1';
  const path = join(folder, name);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  writeFileSync(path, Buffer.concat([npyHeader([count, data.length / count], type), bytes]));
  return path;
}

/** Hits by all scores of a search, where 0 has no sign. */
const search = async (...given: Parameters<typeof semanticSearch>) =>
  (await semanticSearch(...given)).map((hits) => hits.map(({ corpusId, score }) => ({ corpusId, score: score + 0 })));

describe.each(['dot', 'euclidean'] as const)('hits by %s are those of a naive search', (scoreFunction) => {
  test('float32, int8 and bits, in memory and in files', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ corpus, queries, topK }) => {
        const size = corpus[0]?.length as number;
        const [from, to] = [vectorsOf(queries), vectorsOf(corpus)];
        const int8 = quantizeEmbeddings(to, 'int8', { ranges: wholeNumbers(size) });
        const bits = quantizeEmbeddings(to, 'ubinary');
        const options = { topK, scoreFunction };
        const expected = naive(queries, corpus, topK, scoreFunction);
        for (const each of [to, int8]) expect(await search(from, each, options)).toEqual(expected);
        const ofSigns = naive(queries, signs(corpus), topK, scoreFunction);
        for (const each of [bits, quantizeEmbeddings(to, 'binary')]) {
          expect(await search(from, each, options)).toEqual(ofSigns);
        }
        const files = [
          await openVectors(save('float32.npy', to)),
          await openVectors(save('int8.npy', int8), { ranges: int8.ranges }),
        ];
        for (const each of files) expect(await search(from, each, options)).toEqual(expected);
        const file = await openVectors(save('bits.npy', bits), { size });
        expect(await search(from, file, options)).toEqual(ofSigns);
      }),
      { numRuns: 25 },
    );
  });

  test('bits, scored anew by float32', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.integer({ min: 1, max: 4 }), async ({ corpus, queries, topK }, rescoreMultiplier) => {
        const to = vectorsOf(corpus);
        const coarse = naive(queries, signs(corpus), topK * rescoreMultiplier, scoreFunction);
        const expected = queries.map((query, i) => {
          const rows = (coarse[i] ?? []).map(({ corpusId }) => corpusId);
          return best((row) => scores[scoreFunction](query, corpus[row] as number[]), rows, topK);
        });
        const bits = quantizeEmbeddings(to, 'binary');
        const rescored = (rescoreWith: Parameters<typeof semanticSearch>[1]) =>
          search(vectorsOf(queries), bits, { topK, scoreFunction, rescoreMultiplier, rescoreWith });
        expect(await rescored(to)).toEqual(expected);
        expect(await rescored(await openVectors(save('precise.npy', to)))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });
});

test('a file of several blocks is searched as a naive search does, with many equal scores', async () => {
  const corpus = Array.from({ length: 2 * 8192 + 5 }, (_, i) => [((i * 7919) % 11) - 5, ((i * 104_729) % 13) - 6]);
  const queries = [[1, 2], [-3, 1], [0, 0]]; // biome-ignore format: short
  const file = await openVectors(save('blocks.npy', vectorsOf(corpus)));
  for (const topK of [1, 300]) {
    const found = await search(vectorsOf(queries), file, { topK, scoreFunction: 'dot' });
    expect(found).toEqual(naive(queries, corpus, topK, 'dot'));
  }
});

test('paraphrases are the pairs of each vector with its nearest, the best of them, each once', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, fc.integer({ min: 1, max: 60 }), async ({ corpus, topK }, maxPairs) => {
      const score = ([a, b]: readonly number[]) =>
        dot(corpus[a as number] as number[], corpus[b as number] as number[]);
      const nearest = corpus.flatMap((_, row) => {
        const others = [...corpus.keys()].filter((other) => other !== row);
        return best((other) => score([row, other]), others, topK).map(({ corpusId }) =>
          [row, corpusId].sort((a, b) => a - b),
        );
      });
      const pairs = new Map(nearest.map((pair) => [pair.join(), score(pair)]));
      const found = await paraphraseMining(vectorsOf(corpus), { topK, maxPairs, scoreFunction: 'dot' });
      const expected = [...pairs.values()].sort((a, b) => b - a).slice(0, maxPairs);
      expect(found.map(({ score }) => score)).toEqual(expected);
      for (const { rows, score: own } of found) expect(pairs.get(rows.join())).toBe(own);
      expect(new Set(found.map(({ rows }) => rows.join())).size).toBe(found.length);
    }),
    { numRuns: 40 },
  );
});

test('communities are large, near to their center, apart, and leave no other that is large', async () => {
  const cosine = (a: readonly number[], b: readonly number[]) =>
    dot(a, b) / Math.max(Math.sqrt(dot(a, a) * dot(b, b)), 1e-12);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }).chain((size) => drawnRows(size, 60)),
      fc.record({
        threshold: fc.constantFrom(0.3, 0.6, 0.85, 0.999),
        minCommunitySize: fc.integer({ min: 1, max: 6 }),
      }),
      async (rows, options) => {
        const { threshold, minCommunitySize } = options;
        const found = await communityDetection(vectorsOf(rows), options);
        const members = found.flat();
        expect(new Set(members).size).toBe(members.length);
        const sizes = found.map(({ length }) => length);
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        for (const [center, ...others] of found) {
          expect(others.length + 1).toBeGreaterThanOrEqual(minCommunitySize);
          const near = others.map((other) => cosine(rows[center as number] as number[], rows[other] as number[]));
          expect(Math.min(1, ...near)).toBeGreaterThan(threshold - 1e-5);
          for (const [i, value] of near.slice(1).entries()) expect(value).toBeLessThan((near[i] as number) + 1e-5);
        }
        const left = rows.filter((_, row) => !members.includes(row));
        for (const row of left) {
          const near = left.filter((other) => cosine(row, other) > threshold + 1e-5);
          expect(near.length).toBeLessThan(minCommunitySize);
        }
      },
    ),
    { numRuns: 60 },
  );
});
