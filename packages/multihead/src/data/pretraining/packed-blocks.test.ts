/** @file Packing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import type { TokenBlocks } from './blocks.js';
import { packedBlocks } from './packed-blocks.js';
import { tokensInMemory } from './token-source.js';

const all = async (blocks: TokenBlocks) =>
  (await blocks.read(Array.from({ length: blocks.length }, (_, i) => i))).map((ids) => [...ids]);

describe('packed blocks', () => {
  const source = tokensInMemory([[1, 2, 3], [4], [5, 6, 7, 8]]);

  test('follow each other across documents, with a separator behind each', async () => {
    expect(await all(packedBlocks(source, { size: 3 }))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(await all(packedBlocks(source, { size: 4, separatorId: 0 }))).toEqual([
      [1, 2, 3, 0],
      [4, 0, 5, 6],
    ]);
  });
  test('begin at the shift', async () => {
    expect(await all(packedBlocks(source, { size: 4, separatorId: 0, shift: 3 }))).toEqual([
      [0, 4, 0, 5],
      [6, 7, 8, 0],
    ]);
  });
  test('come in the order asked for', async () => {
    const [b, a] = await packedBlocks(source, { size: 2 }).read([3, 0]);
    expect([b, a]).toEqual([Int32Array.of(7, 8), Int32Array.of(1, 2)]);
    await expect(packedBlocks(source, { size: 2 }).read([4])).rejects.toThrow('internal: block 4 of 4');
  });

  test('are the stream when put together', async () => {
    const documents = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.integer({ min: 1, max: 7 }),
        fc.nat(6),
        fc.option(fc.constant(0), { nil: undefined }),
        async (documents, size, shift, separatorId) => {
          fc.pre(shift < size);
          const stream = documents.flatMap((ids) => (separatorId === undefined ? ids : [...ids, separatorId]));
          const expected = stream.slice(shift, shift + Math.floor((stream.length - shift) / size) * size);
          fc.pre(expected.length > 0 && stream.length > shift);
          const blocks = packedBlocks(tokensInMemory(documents), { size, shift, separatorId });
          expect((await all(blocks)).flat()).toEqual(expected);
          expect(blocks.lengthOf(0)).toBe(size);
        },
      ),
    );
  });

  test('have a mark of tokens, size and separator, not of the shift', () => {
    const mark = (options: { size: number; separatorId?: number; shift?: number }, documents = [[1, 2, 3, 4, 5, 6]]) =>
      packedBlocks(tokensInMemory(documents), options).fingerprint;
    const marks = [
      mark({ size: 2 }),
      mark({ size: 3 }),
      mark({ size: 2, separatorId: 0 }),
      mark({ size: 2 }, [[1, 2, 3, 4, 5, 7]]),
      mark({ size: 2 }, [
        [1, 2, 3, 4],
        [5, 6],
      ]),
    ];
    expect(new Set(marks).size).toBe(marks.length);
    expect(mark({ size: 2, shift: 1 })).toBe(mark({ size: 2 }));
  });

  test('refuse what makes none', () => {
    expect(() => packedBlocks(source, { size: 0 })).toThrow(
      new UserError('the size of a block is 0; a whole number of tokens from 1 was expected'),
    );
    expect(() => packedBlocks(source, { size: 4, shift: 4 })).toThrow(
      'shift is 4; a whole number from 0 to below the size, 4,',
    );
    expect(() => packedBlocks(source, { size: 9 })).toThrow('8 tokens make no block of 9');
    expect(() => packedBlocks(tokensInMemory([]), { size: 1 })).toThrow(UserError);
  });
});

test('token numbers at hand must be some', () => {
  expect(() => tokensInMemory([[1, -1]])).toThrow(
    new UserError('-1 is no token number; whole numbers from 0 were expected'),
  );
  expect(() => tokensInMemory([[1.5]])).toThrow(UserError);
});
