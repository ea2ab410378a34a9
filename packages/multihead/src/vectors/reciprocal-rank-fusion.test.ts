import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reciprocalRankFusion } from './reciprocal-rank-fusion.js';

const ranking = (ids: readonly number[]) => ids.map((corpusId) => ({ corpusId }));

describe('reciprocalRankFusion', () => {
  test('sums weight / (k + rank), with k = 60 and weights of 1 by default', () => {
    const rankings = [ranking([4, 2]), ranking([2, 7])];
    expect(reciprocalRankFusion(rankings)).toEqual([
      { corpusId: 2, score: 1 / 62 + 1 / 61 },
      { corpusId: 4, score: 1 / 61 },
      { corpusId: 7, score: 1 / 62 },
    ]);
    expect(reciprocalRankFusion(rankings, { k: 1, weights: [2, 1], topK: 1 })).toEqual([
      { corpusId: 2, score: 2 / 3 + 1 / 2 },
    ]);
  });

  test('no rankings give no hits', () => {
    expect(reciprocalRankFusion([])).toEqual([]);
    expect(reciprocalRankFusion([[], ranking([3])])).toEqual([{ corpusId: 3, score: 1 / 61 }]);
  });

  const ids = fc.uniqueArray(fc.nat(30), { maxLength: 20 });

  test('a ranking fused with itself keeps its order', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 4 }), (order, times) => {
        const found = reciprocalRankFusion(Array.from({ length: times }, () => ranking(order)));
        expect(found.map(({ corpusId }) => corpusId)).toEqual(order);
      }),
    );
  });

  test('scores do not depend on the order of the rankings', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const scores = (...orders: number[][]) =>
          new Map(reciprocalRankFusion(orders.map(ranking)).map(({ corpusId, score }) => [corpusId, score]));
        expect(scores(b, a)).toEqual(scores(a, b));
      }),
    );
  });

  test.each([
    [[ranking([1, 2, 1])], {}, /ranking 1 contains text 1 more than once/],
    [[ranking([1])], { k: -1 }, /k is -1; it must be a number from 0/],
    [[ranking([1])], { topK: 0 }, /topK is 0/],
    [[ranking([1])], { weights: [1, 2] }, /one for each of 1 rankings/],
    [[ranking([1])], { weights: [Number.NaN] }, /none of them below 0/],
    [[ranking([1])], { weight: [1] }, /there is no option "weight"/],
  ])('%j with %j is refused', (rankings, options: object, message) => {
    expect(() => reciprocalRankFusion(rankings, options)).toThrow(message);
  });
});
