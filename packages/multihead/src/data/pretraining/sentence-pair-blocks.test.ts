/** @file Pairs for next-sentence prediction. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { type SentencePairOptions, sentencePairBlocks } from './sentence-pair-blocks.js';
import { tokensInMemory } from './token-source.js';

/** Documents whose tokens are all different, so that each token tells where it is from. */
function numbered(shape: readonly (readonly number[])[]) {
  let next = 0;
  return shape.map((sentences) => sentences.map((length) => Array.from({ length }, () => next++)));
}
const pairsOf = async (documents: number[][][], options: SentencePairOptions) => {
  const blocks = sentencePairBlocks(tokensInMemory(documents), options);
  const numbers = Array.from({ length: blocks.length }, (_, i) => i);
  const pairs = (await blocks.read(numbers)).map(({ first, second, isNext }) => ({
    first: [...first],
    second: [...second],
    isNext,
  }));
  expect(numbers.map((i) => blocks.lengthOf(i))).toEqual(pairs.map((p) => p.first.length + p.second.length));
  return pairs;
};
const many = numbered(Array.from({ length: 300 }, (_, i) => Array.from({ length: 6 }, (_, j) => 3 + ((i + j) % 5))));

describe('pairs', () => {
  test('are two stretches, one after the other or of two documents, no longer than the size', async () => {
    const shape = fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 }), {
      minLength: 2,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(shape, fc.integer({ min: 2, max: 20 }), fc.nat(), async (shape, size, seed) => {
        const documents = numbered(shape);
        const documentOf = (id: number) => documents.findIndex((sentences) => sentences.flat().includes(id));
        for (const { first, second, isNext } of await pairsOf(documents, { size, seed })) {
          expect(first.length + second.length).toBeLessThanOrEqual(size);
          for (const text of [first, second]) {
            expect(text.length).toBeGreaterThan(0);
            expect(text).toEqual(text.map((_, i) => (text[0] as number) + i));
            expect(documentOf(text[0] as number)).toBe(documentOf(text.at(-1) as number));
          }
          const isSame = documentOf(first[0] as number) === documentOf(second[0] as number);
          expect(isSame).toBe(isNext);
          if (isNext) expect(second[0] as number).toBeGreaterThan(first.at(-1) as number);
        }
      }),
    );
  });

  test('follow each other half of the time, and use all of the text', async () => {
    const pairs = await pairsOf(many, { size: 1000, seed: 1, shortShare: 0 });
    const share = pairs.filter(({ isNext }) => isNext).length / pairs.length;
    // Of a document of six sentences, what is put back leaves single sentences, whose second text is always another's.
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.5);
    const used = new Set(pairs.flatMap(({ first, second, isNext }) => (isNext ? [...first, ...second] : first)));
    expect(used.size).toBe(many.flat(2).length);
  });

  test('are a function of seed and epoch; the mark, of all but the epoch', async () => {
    const options = { size: 16, seed: 1, epoch: 2 };
    const pairs = await pairsOf(many, options);
    expect(await pairsOf(many, options)).toEqual(pairs);
    expect(await pairsOf(many, { ...options, epoch: 3 })).not.toEqual(pairs);
    expect(await pairsOf(many, { ...options, seed: 2 })).not.toEqual(pairs);
    const mark = (more: object) => sentencePairBlocks(tokensInMemory(many), { ...options, ...more }).fingerprint;
    expect(mark({ epoch: 7 })).toBe(mark({}));
    expect(new Set([mark({}), mark({ seed: 2 }), mark({ size: 17 }), mark({ shortShare: 0.2 })]).size).toBe(4);
  });

  test('are short as often as asked for', async () => {
    const long = numbered(Array.from({ length: 100 }, () => Array.from({ length: 50 }, () => 2)));
    const mean = async (shortShare: number) => {
      const pairs = await pairsOf(long, { size: 60, seed: 1, shortShare });
      return pairs.reduce((sum, { first, second }) => sum + first.length + second.length, 0) / pairs.length;
    };
    expect(await mean(1)).toBeLessThan((await mean(0)) / 1.5);
  });
});

test('refuses what makes none', () => {
  const options = { size: 8, seed: 1 };
  expect(() => sentencePairBlocks(tokensInMemory([[1], [2]]), options)).toThrow(
    'tokenize it with the option sentences',
  );
  expect(() => sentencePairBlocks(tokensInMemory([[[1], [2]], []]), options)).toThrow(
    new UserError('1 documents with 2 tokens make no pairs; two at least are needed'),
  );
  expect(() => sentencePairBlocks(tokensInMemory(many), { size: 1, seed: 1 })).toThrow(UserError);
  expect(() => sentencePairBlocks(tokensInMemory(many), { ...options, shortShare: 2 })).toThrow('shortShare is 2');
});
