/** @file Hard negatives, against those that sentence-transformers finds among the same vectors. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { drawnVectors, vectorFixtures } from '../testing/drawn-vectors.js';
import { type HardNegativeOptions, mineHardNegatives } from './mine-hard-negatives.js';
import { joinVectors, type Vectors } from './vectors.js';

const { pairs: given, cases } = JSON.parse(readFileSync(`${vectorFixtures}hard-negatives.json`, 'utf8')) as {
  pairs: readonly (readonly [string, string])[];
  cases: readonly {
    options: Readonly<Record<string, number | boolean>>;
    found: readonly (readonly [string, string, string, number, number])[];
  }[];
};
const pairs = given.map(([anchor, positive]) => ({ anchor, positive }));
const vectors: Readonly<Record<string, Vectors>> = { q: drawnVectors(2, 8), d: drawnVectors(1, 90) };
const corpus = Array.from({ length: 90 }, (_, i) => `d${i}`);

const vectorOf = (text: string): Float32Array => {
  const row = Number(text.slice(1));
  return (vectors[text[0] as string] as Vectors).data.subarray(row * 20, (row + 1) * 20);
};
const embed = async (texts: string[]): Promise<Vectors> => joinVectors(texts.map(vectorOf), 20);
const score = async (query: string, documents: readonly string[]) =>
  documents.map((text) => -Math.hypot(...vectorOf(query).map((x, i) => x - (vectorOf(text)[i] as number))));

const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** The options of a case, in our names. */
function optionsOf({
  cross_encoder: isRescored,
  ...options
}: Readonly<Record<string, number | boolean>>): HardNegativeOptions {
  const own = Object.fromEntries(Object.entries(options).map(([name, value]) => [camelCase(name), value]));
  return { embed, corpus, ...own, ...(isRescored === true && { score }) };
}

test.each(cases)('as sentence-transformers 6.2: $options', async ({ options, found }) => {
  const mined = await mineHardNegatives(pairs, optionsOf(options));
  const triplets = mined.flatMap(({ anchor, positive, score: ofPositive, negatives }) =>
    negatives.map((negative) => [anchor, positive, negative.text, ofPositive, negative.score] as const),
  );
  expect(triplets.map((row) => row.slice(0, 3))).toEqual(found.map((row) => row.slice(0, 3)));
  for (const [i, row] of triplets.entries()) {
    for (const at of [3, 4] as const) expect(row[at]).toBeCloseTo(found[i]?.[at] as number, 5);
  }
});

test('a query that is in the corpus is no negative of its own, and takes no place of another', async () => {
  const [first] = await mineHardNegatives(pairs, { embed, corpus, numNegatives: 2 });
  const queries = pairs.map(({ anchor }) => anchor);
  const mined = await mineHardNegatives(pairs, {
    embed,
    corpus: [...queries, ...corpus],
    numNegatives: 60,
    rangeMax: 90,
  });
  for (const { anchor, negatives } of mined) {
    expect(negatives.length).toBe(60);
    expect(negatives.map(({ text }) => text)).not.toContain(anchor);
  }
  const alone = { embed, corpus: [queries[0] as string, ...corpus], numNegatives: 2 };
  expect((await mineHardNegatives(pairs, alone))[0]).toEqual(first);
});

test('a score function orders candidates without bounds, too', async () => {
  const options = { embed, corpus, numNegatives: 3, rangeMax: 12, score };
  const mined = await mineHardNegatives(pairs, options);
  expect(mined).toEqual(await mineHardNegatives(pairs, { ...options, maxScore: 0 }));
  for (const { score: ofPositive, negatives } of mined) {
    expect(negatives.length).toBe(3);
    expect(Math.max(ofPositive, ...negatives.map((each) => each.score))).toBeLessThan(0);
  }
});

describe('a random choice', () => {
  const options = { embed, corpus, numNegatives: 3, rangeMax: 20, samplingStrategy: 'random' } as const;

  test('is of the nearest, highest score first, and the same for the same seed', async () => {
    const mined = await mineHardNegatives(pairs, options);
    expect(await mineHardNegatives(pairs, options)).toEqual(mined);
    expect(await mineHardNegatives(pairs, { ...options, seed: 1 })).not.toEqual(mined);
    const all = await mineHardNegatives(pairs, { ...options, samplingStrategy: 'top', numNegatives: 20 });
    for (const [i, { negatives }] of mined.entries()) {
      expect(new Set(negatives.map(({ text }) => text)).size).toBe(3);
      expect([...negatives].sort((a, b) => b.score - a.score)).toEqual(negatives);
      for (const negative of negatives) expect(all[i]?.negatives).toContainEqual(negative);
    }
  });
});

test.each<[string, Parameters<typeof mineHardNegatives>, RegExp]>([
  ['no pairs', [[], { embed }], /there are no pairs/],
  [
    'no candidates',
    [pairs, { embed, rangeMin: 5, rangeMax: 6 }],
    /rangeMin 5 and rangeMax 6 leave 1 candidates; numNegatives is 3/,
  ],
  [
    'a strategy that there is not',
    [pairs, { embed, samplingStrategy: 'best' as 'top' }],
    /samplingStrategy is "best"; there are: top, random/,
  ],
  [
    'vectors that are too few',
    [pairs, { embed: async (texts) => embed(texts.slice(1)) }],
    /embed returned \d+ vectors for \d+ texts; expected one for each/,
  ],
  ['a seed that is no whole number', [pairs, { embed, seed: 0.5 }], /seed is 0\.5; it must be a whole number/],
  [
    'scores in an order of their own',
    [
      pairs,
      {
        embed,
        maxScore: 1,
        score: async (_, documents) => documents.map((_, corpusId) => ({ corpusId, score: 1 })) as unknown as number[],
      },
    ],
    /score gave \{"corpusId":0,"score":1\} for document 0; a number for each was expected, in the order of the documents/,
  ],
  ['a bound that is not a number', [pairs, { embed, maxScore: Number.NaN }], /maxScore is NaN; it must be a number/],
  [
    'bounds without a score between',
    [pairs, { embed, minScore: 0.9, maxScore: 0.1 }],
    /minScore is 0\.9, above maxScore, 0\.1/,
  ],
  [
    'scores that are too few',
    [pairs, { embed, maxScore: 1, score: async () => [1] }],
    /score gave 1 scores of \d+ documents/,
  ],
])('%s: a clear error', async (_, args, message) => {
  await expect(mineHardNegatives(...args)).rejects.toThrow(message);
});
