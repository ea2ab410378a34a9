/** @file Search in each precision, beside sentence-transformers and beside all scores, sorted. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawnVectors, expectedOfVectors, vectorFixtures } from '../testing/drawn-vectors.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { openVectors } from './open-vectors.js';
import { quantizeEmbeddings } from './quantize-embeddings.js';
import { type ScoreFunctionName, scoreFunctionNames } from './score-functions.js';
import { type SearchHit, semanticSearch } from './semantic-search.js';
import type { VectorSource, Vectors } from './vectors.js';

const folder = temporaryFolder();
const [corpus, queries] = [drawnVectors(1, 90), drawnVectors(2, 8)];
const { search, rescored } = expectedOfVectors;

function expectHits(
  found: readonly (readonly SearchHit[])[],
  expected: readonly (readonly (readonly [number, number])[])[],
) {
  expect(found.map((hits) => hits.map(({ corpusId }) => corpusId))).toEqual(
    expected.map((hits) => hits.map(([id]) => id)),
  );
  for (const [i, hits] of found.entries()) {
    for (const [j, { score }] of hits.entries()) expect(score).toBeCloseTo(expected[i]?.[j]?.[1] as number, 5);
  }
}

describe('as sentence-transformers 6.2', () => {
  test.each(scoreFunctionNames)('%s', async (scoreFunction) => {
    expectHits(await semanticSearch(queries, corpus, { topK: 7, scoreFunction }), search[scoreFunction]);
  });

  test('int8 corpora: the scores that it gives candidates anew', async () => {
    const found = await semanticSearch(queries, quantizeEmbeddings(corpus, 'int8'), { topK: 7, scoreFunction: 'dot' });
    expectHits(found, rescored.int8);
  });

  test('binary corpora: its order; a bit is 1 or -1 here, 1 or 0 there', async () => {
    const found = await semanticSearch(queries, quantizeEmbeddings(corpus, 'binary'), {
      topK: 7,
      scoreFunction: 'dot',
    });
    const sums = found.map((_, i) => queries.data.subarray(i * 20, (i + 1) * 20).reduce((a, b) => a + b, 0));
    expectHits(
      found,
      rescored.ubinary.map((hits, i) => hits.map(([id, score]) => [id, 2 * score - (sums[i] as number)])),
    );
  });
});

test('hits of a binary corpus, ordered by the vectors that it was made of', async () => {
  const binary = quantizeEmbeddings(corpus, 'ubinary');
  const options = { topK: 3, rescoreWith: corpus };
  for (const scoreFunction of scoreFunctionNames) {
    expectHits(
      await semanticSearch(queries, binary, { ...options, scoreFunction, rescoreMultiplier: 30 }),
      search[scoreFunction].map((hits) => hits.slice(0, 3)),
    );
  }
  const some = await semanticSearch(queries, binary, { ...options, rescoreMultiplier: 1 });
  const coarse = await semanticSearch(queries, binary, { topK: 3 });
  const ids = (found: SearchHit[][]) => found.map((hits) => hits.map(({ corpusId }) => corpusId).sort());
  expect(ids(some)).toEqual(ids(coarse));
});

/** The scores of all pairs in float64, sorted: what a search must find. */
function sorted(
  { data: a, shape: [rows, size] }: Vectors,
  { data: b, shape: [count] }: Vectors,
  name: ScoreFunctionName,
) {
  const row = (data: Float32Array, i: number) => Array.from(data.subarray(i * size, (i + 1) * size));
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  const scores = {
    dot,
    cosine: (x: number[], y: number[]) => dot(x, y) / Math.max(Math.sqrt(dot(x, x) * dot(y, y)), 1e-12),
    euclidean: (x: number[], y: number[]) => -Math.hypot(...x.map((value, i) => value - (y[i] as number))),
    manhattan: (x: number[], y: number[]) => -x.reduce((sum, value, i) => sum + Math.abs(value - (y[i] as number)), 0),
  };
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: count }, (_, j) => scores[name](row(a, i), row(b, j))).sort((x, y) => y - x),
  );
}

test('what is found is the best of all pairs, whatever the sizes', async () => {
  const whole = (max: number) => fc.integer({ min: 1, max });
  const sizes = fc.record({ rows: whole(6), count: whole(30), size: whole(9), topK: whole(40) });
  const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 324, maxLength: 324 });
  await fc.assert(
    fc.asyncProperty(sizes, values, fc.constantFrom(...scoreFunctionNames), async (drawn, numbers, scoreFunction) => {
      const { rows, count, size, topK } = drawn;
      const of = (from: number, n: number): Vectors => {
        const data = Float32Array.from(numbers.slice(from, from + n * size));
        return { dtype: 'float32', data, shape: [n, size] };
      };
      const [from, to] = [of(270, rows), of(0, count)];
      const found = await semanticSearch(from, to, { topK, scoreFunction });
      for (const [i, best] of sorted(from, to, scoreFunction).entries()) {
        expect(found[i]?.length).toBe(Math.min(topK, count));
        expect(new Set(found[i]?.map(({ corpusId }) => corpusId)).size).toBe(Math.min(topK, count));
        for (const [j, { score }] of (found[i] as SearchHit[]).entries())
          expect(score).toBeCloseTo(best[j] as number, 2);
      }
    }),
    { numRuns: 30 },
  );
});

describe('Euclidean distances that are small beside the vectors', () => {
  const query: Vectors = { dtype: 'float32', data: Float32Array.of(1000, 0), shape: [1, 2] };
  /** Documents at the distances, in this order. */
  const at = (distances: readonly number[]): Vectors => ({
    dtype: 'float32',
    data: Float32Array.from(distances.flatMap((distance) => [1000, distance])),
    shape: [distances.length, 2],
  });

  test('the nearer document comes first', async () => {
    const corpus = at([0.01, 0]);
    for (const rescoreWith of [undefined, corpus]) {
      const [hits] = await semanticSearch(query, corpus, { scoreFunction: 'euclidean', rescoreWith });
      expect(hits?.map(({ corpusId }) => corpusId)).toEqual([1, 0]);
      expect(hits?.[1]?.score).toBeCloseTo(-0.01, 8);
    }
  });

  test('the nearest of many are found', async () => {
    const places = Array.from({ length: 500 }, (_, i) => (i * 77 + 13) % 500);
    const [hits] = await semanticSearch(query, at(places.map((place) => place / 1000)), {
      scoreFunction: 'euclidean',
      topK: 5,
    });
    expect(hits?.map(({ corpusId }) => places[corpusId])).toEqual([0, 1, 2, 3, 4]);
  });
});

test('queries are read a block at a time', async () => {
  const shape = [40_000, 2] as const;
  let longest = 0;
  const queries: VectorSource = {
    shape,
    async read(start, end) {
      longest = Math.max(longest, end - start);
      return Float32Array.from({ length: 2 * (end - start) }, (_, i) => Number((start + (i >> 1)) % 2 === i % 2));
    },
  };
  for (const scoreFunction of ['cosine', 'euclidean'] as const) {
    const found = await semanticSearch(queries, corpusOfTwo, { topK: 1, scoreFunction });
    expect(found.every(([hit], i) => hit?.corpusId === 1 - (i % 2))).toBe(true);
    await semanticSearch(queries, corpusOfTwo, { topK: 1, scoreFunction, rescoreWith: corpusOfTwo });
  }
  expect(longest).toBeLessThan(20_000);
});

describe('a corpus of several blocks', () => {
  /** Vector i is (cos i, sin i) / 1000 apart; every 10,000 rows the same come again. */
  const source: VectorSource = {
    shape: [20_000, 2],
    read: async (start, end) =>
      Float32Array.from({ length: 2 * (end - start) }, (_, i) => {
        const angle = ((start + (i >> 1)) % 10_000) / 10_000;
        return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
      }),
  };

  test('is searched as one; of equal vectors the first comes first', async () => {
    const angles = Array.from({ length: 300 }, (_, i) => (i * 31 + 5) / 10_000);
    const data = Float32Array.from(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
    const found = await semanticSearch({ dtype: 'float32', data, shape: [300, 2] }, source, {
      topK: 2,
      scoreFunction: 'dot',
    });
    const best = found.map((hits) => hits.map(({ corpusId }) => corpusId % 10_000));
    for (const [i, [first]] of best.entries())
      expect(Math.abs((first as number) - (i * 31 + 5))).toBeLessThanOrEqual(5);
    for (const [first, second] of found) {
      if (first?.score === second?.score) expect(first?.corpusId).toBeLessThan(second?.corpusId as number);
    }
  });

  test('searches at the same time do not mix', async () => {
    const one = semanticSearch({ dtype: 'float32', data: Float32Array.of(0, 1), shape: [1, 2] }, source, { topK: 2 });
    const other = semanticSearch({ dtype: 'float32', data: Float32Array.of(1, 0), shape: [1, 2] }, corpusOfTwo, {
      topK: 2,
    });
    expect((await one)[0]?.map(({ corpusId }) => corpusId)).toEqual([9_999, 19_999]);
    expect((await other)[0]?.map(({ corpusId }) => corpusId)).toEqual([1, 0]);
  });
});

const corpusOfTwo: Vectors = { dtype: 'float32', data: Float32Array.of(0, 1, 1, 0), shape: [2, 2] };

test('a search that fails does not hold up the next', async () => {
  const broken: VectorSource = { shape: [5, 2], read: () => Promise.reject(new Error('gone')) };
  await expect(semanticSearch(corpusOfTwo, broken)).rejects.toThrow('gone');
  expect(await semanticSearch(corpusOfTwo, corpusOfTwo, { topK: 1 })).toEqual([
    [{ corpusId: 0, score: 1 }],
    [{ corpusId: 1, score: 1 }],
  ]);
});

/** A copy of the file of int8 without the ranges beside it. */
function save(name: string): string {
  copyFileSync(`${vectorFixtures}int8.npy`, join(folder, name));
  return join(folder, name);
}

describe('files', () => {
  test('float32, float16, int8 with ranges, bits', async () => {
    const names = ['corpus.npy', 'float16.npy', 'int8.npy', 'binary.npy'];
    const sources = await Promise.all(
      names.map((name) => openVectors(`${vectorFixtures}${name}`, name === 'binary.npy' ? { size: 20 } : {})),
    );
    expect(sources.map(({ shape }) => shape)).toEqual(names.map(() => [90, 20]));
    const inMemory = [corpus, corpus, quantizeEmbeddings(corpus, 'int8'), quantizeEmbeddings(corpus, 'binary')];
    for (const [i, source] of sources.entries()) {
      const [ours, theirs] = await Promise.all(
        [source, inMemory[i] as Vectors].map((each) => semanticSearch(queries, each, { topK: 1 })),
      );
      expect(
        ours?.map(([hit]) => hit?.corpusId),
        names[i],
      ).toEqual(theirs?.map(([hit]) => hit?.corpusId));
    }
    expect(await semanticSearch(queries, sources[0] as VectorSource, { topK: 7 })).toEqual(
      await semanticSearch(queries, corpus, { topK: 7 }),
    );
  });

  test.each<[string, Parameters<typeof openVectors>, RegExp]>([
    ['no such file', ['nowhere.npy'], /nowhere\.npy: no such file/],
    ['another kind of file', [`${vectorFixtures}search.json`], /search\.json: not a NumPy file/],
    [
      'a size that does not fit',
      [`${vectorFixtures}binary.npy`, { size: 32 }],
      /3 bytes a vector, and bits of 32 elements take 4$/,
    ],
    [
      'int8 without ranges, where the size is known',
      [save('no-ranges.npy'), { size: 20 }],
      /20 bytes a vector, and bits of 20 elements take 3; int8 needs ranges, in .*no-ranges\.ranges\.npy/,
    ],
    [
      'ranges that are not there',
      [`${vectorFixtures}binary.npy`, { precision: 'int8' }],
      /ranges of its int8 vectors are missing.*binary\.ranges\.npy/,
    ],
    [
      'signs that differ',
      [`${vectorFixtures}int8.npy`, { precision: 'ubinary' }],
      /of type \|i1, which precision ubinary is not stored in/,
    ],
  ])('%s: a clear error', async (_, args, message) => {
    await expect(openVectors(...args)).rejects.toThrow(message);
  });
});

describe('errors and edges', () => {
  test.each(scoreFunctionNames)('NaN and infinity are refused: %s', async (scoreFunction) => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const broken: Vectors = { dtype: 'float32', data: Float32Array.of(0, 1, value, 0), shape: [2, 2] };
      for (const [from, to] of [
        [corpusOfTwo, broken],
        [broken, corpusOfTwo],
      ] as const) {
        // biome-ignore format: short
        await expect(semanticSearch(from, to, { scoreFunction })).rejects.toThrow('a vector holds NaN or infinity');
      }
    }
  });

  test('an empty corpus has no hits, no queries have no rows', async () => {
    const none: Vectors = { dtype: 'float32', data: new Float32Array(0), shape: [0, 20] };
    expect(await semanticSearch(queries, none)).toEqual(queries.data.length > 0 ? Array(8).fill([]) : []);
    expect(await semanticSearch(none, corpus)).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'sizes that differ',
      () => semanticSearch(queries, corpusOfTwo),
      /queries' vectors have 20 elements, those of the corpus 2/,
    ],
    ['no hits', () => semanticSearch(queries, corpus, { topK: 0 }), /topK is 0; it must be a whole number from 1/],
    [
      'a score that there is not',
      () => semanticSearch(queries, corpus, { scoreFunction: 'cos' as 'dot' }),
      /scoreFunction is "cos"; there are: cosine, dot, euclidean, manhattan/,
    ],
    [
      'a shape that is not the data',
      () => semanticSearch({ ...queries, shape: [9, 20] }, corpus),
      /queries: 160 elements are not 9 vectors of 20/,
    ],
    [
      'another corpus to score by',
      () => semanticSearch(queries, corpus, { rescoreWith: corpusOfTwo }),
      /rescoreWith: 2 vectors of 2 elements; expected the corpus's own, \d+ of 20/,
    ],
  ])('%s', async (_, call, message) => {
    await expect(call()).rejects.toThrow(message);
  });
});
