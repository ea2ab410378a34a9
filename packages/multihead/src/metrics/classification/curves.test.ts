import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { disagreements, drawClassified } from '../../testing/scored-cases.js';
import { precisionRecallCurve, rocCurve } from './curves.js';

const scored = fc
  .array(fc.record({ isPositive: fc.boolean(), score: fc.integer({ min: 0, max: 8 }) }), {
    minLength: 2,
    maxLength: 60,
  })
  .filter((examples) => new Set(examples.map(({ isPositive }) => isPositive)).size === 2);
const listsOf = (examples: readonly { isPositive: boolean; score: number }[]) =>
  [examples.map(({ isPositive }) => isPositive), examples.map(({ score }) => score)] as const;

describe('the ROC curve', () => {
  test('of a small case, as scikit-learn has it', () => {
    // roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], drop_intermediate=False)
    expect(rocCurve([false, false, true, true], [0.1, 0.4, 0.35, 0.8])).toEqual([
      { falsePositiveRate: 0, truePositiveRate: 0, threshold: Number.POSITIVE_INFINITY },
      { falsePositiveRate: 0, truePositiveRate: 0.5, threshold: 0.8 },
      { falsePositiveRate: 0.5, truePositiveRate: 0.5, threshold: 0.4 },
      { falsePositiveRate: 0.5, truePositiveRate: 1, threshold: 0.35 },
      { falsePositiveRate: 1, truePositiveRate: 1, threshold: 0.1 },
    ]);
  });

  test('has under it the share of pairs that are in the right order, ties for a half (Mann and Whitney)', () => {
    fc.assert(
      fc.property(scored, (examples) => {
        const points = rocCurve(...listsOf(examples));
        const area = points.slice(1).reduce((sum, { falsePositiveRate: x, truePositiveRate: y }, i) => {
          const before = points[i] as (typeof points)[number];
          return sum + ((x - before.falsePositiveRate) * (y + before.truePositiveRate)) / 2;
        }, 0);
        const [good, bad] = [true, false].map((kind) => examples.filter(({ isPositive }) => isPositive === kind));
        const pairs = (good ?? []).flatMap((g) => (bad ?? []).map((b) => (Math.sign(g.score - b.score) + 1) / 2));
        expect(area).toBeCloseTo(pairs.reduce((a, b) => a + b, 0) / pairs.length, 9);
      }),
    );
  });

  test('needs both classes', () => {
    expect(() => rocCurve([true, true], [1, 2])).toThrow('no example is negative');
    expect(() => rocCurve([false], [1])).toThrow('no example is positive');
    expect(() => rocCurve([false], [1, 2])).toThrow('1 classes, but 2 scores');
  });
});

describe('the curve of precision and recall', () => {
  test('says at each threshold what taking those at or above it for positive comes to', () => {
    fc.assert(
      fc.property(scored, (examples) => {
        const positives = examples.filter(({ isPositive }) => isPositive).length;
        for (const { threshold, precision, recall } of precisionRecallCurve(...listsOf(examples))) {
          const taken = examples.filter(({ score }) => score >= threshold);
          const right = taken.filter(({ isPositive }) => isPositive).length;
          expect(precision).toBeCloseTo(right / taken.length, 12);
          expect(recall).toBeCloseTo(right / positives, 12);
        }
      }),
    );
  });

  test('has a point a different score', () => {
    expect(precisionRecallCurve([true, false, true], [0.5, 0.5, 0.1])).toHaveLength(2);
  });
});

test("both curves have scikit-learn's points, 1,000 drawn cases", () => {
  const found = disagreements('probabilities', (seed) => {
    const { isPositive, scores } = drawClassified(seed);
    const sum = <Point>(points: readonly Point[], of: (point: Point) => number) =>
      points.reduce((total, point) => total + of(point), 0);
    const hasPositives = isPositive.includes(true);
    return {
      ...(hasPositives &&
        isPositive.includes(false) && {
          rocPoints: sum(rocCurve(isPositive, scores), (at) => at.falsePositiveRate * at.truePositiveRate),
          rocThresholds: sum(rocCurve(isPositive, scores).slice(1), ({ threshold }) => threshold),
        }),
      ...(hasPositives && {
        precisionRecallPoints: sum(precisionRecallCurve(isPositive, scores), (at) => at.precision * at.recall),
        precisionRecallThresholds: sum(precisionRecallCurve(isPositive, scores), ({ threshold }) => threshold),
      }),
    };
  });
  expect(found).toEqual([]);
});

test('a score that is no number has no place on a curve', () => {
  expect(() => rocCurve([true, false], [Number.NaN, 1])).toThrow('rocCurve: scores[0] is NaN');
});
