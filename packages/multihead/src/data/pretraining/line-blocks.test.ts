/** @file A document a block. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { lineBlocks } from './line-blocks.js';
import { tokensInMemory } from './token-source.js';

test('each document is a block, or several', async () => {
  const documents = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(documents, fc.integer({ min: 1, max: 5 }), async (documents, size) => {
      fc.pre(documents.flat().length > 0);
      const expected = documents.flatMap((ids) =>
        Array.from({ length: Math.ceil(ids.length / size) }, (_, i) => ids.slice(i * size, (i + 1) * size)),
      );
      const blocks = lineBlocks(tokensInMemory(documents), { size });
      const numbers = Array.from({ length: blocks.length }, (_, i) => i);
      expect((await blocks.read(numbers)).map((ids) => [...ids])).toEqual(expected);
      expect(numbers.map((block) => blocks.lengthOf(block))).toEqual(expected.map(({ length }) => length));
    }),
  );
});

test('the mark tells sizes apart', () => {
  const source = tokensInMemory([[1, 2, 3]]);
  expect(lineBlocks(source, { size: 2 }).fingerprint).not.toBe(lineBlocks(source, { size: 3 }).fingerprint);
});

test('refuses what makes none', () => {
  expect(() => lineBlocks(tokensInMemory([[]]), { size: 2 })).toThrow(UserError);
  expect(() => lineBlocks(tokensInMemory([[1]]), { size: 1.5 })).toThrow('the size of a block is 1.5');
});
