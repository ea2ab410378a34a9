import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disagreements, drawLabelled } from '../../testing/scored-cases.js';
import { type TunedThreshold, tuneThresholds } from './thresholds.js';

const f1At = (isPositive: readonly boolean[], scores: readonly number[], threshold: number) => {
  const right = scores.filter((score, i) => score >= threshold && isPositive[i]).length;
  const all = scores.filter((score) => score >= threshold).length + isPositive.filter(Boolean).length;
  return all === 0 ? 0 : (2 * right) / all;
};

test('have the highest F1 that a threshold can have', () => {
  const examples = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 20 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(examples, (drawn) => {
      const isPositive = drawn.map(([positive]) => positive);
      const scores = drawn.map(([, score]) => score / 20);
      const [tuned] = tuneThresholds(
        isPositive.map((positive) => [positive]),
        scores.map((score) => [score]),
      );
      const { threshold, f1 } = tuned as NonNullable<typeof tuned>;
      const best = Math.max(0, ...scores.map((score) => f1At(isPositive, scores, score)));
      expect(f1).toBeCloseTo(best, 12);
      if (isPositive.includes(true)) expect(f1At(isPositive, scores, threshold)).toBeCloseTo(best, 12);
      else expect(threshold).toBe(0.5);
    }),
  );
});

test("have scikit-learn's highest F1, 1,000 drawn cases", () => {
  const found = disagreements('multi-label-probabilities', (seed) => {
    const { applies, scores } = drawLabelled(seed);
    const tuned = tuneThresholds(applies, scores);
    return { tunedF1: tuned.reduce((sum, { f1 }) => sum + f1, 0) / tuned.length };
  });
  expect(found).toEqual([]);
});

test('lie between scores, and of equals near 0.5', () => {
  expect(tuneThresholds([[true], [false]], [[0.9], [0.3]])).toEqual([{ threshold: expect.closeTo(0.6, 12), f1: 1 }]);
  // Taking all three or the first alone comes to the same F1, 2 / 3; the first's threshold is nearer.
  const found = tuneThresholds([[true], [false], [false], [true]], [[0.8], [0.4], [0.3], [0.1]]);
  expect(found).toEqual([{ threshold: expect.closeTo(0.6, 12), f1: 2 / 3 }]);
});

test('part neighbouring numbers, too', () => {
  const upper = 0.5 + 2 ** -53;
  const [{ threshold, f1 }] = tuneThresholds([[true], [false]], [[upper], [0.5]]) as [TunedThreshold];
  expect({ f1, isParted: threshold <= upper && threshold > 0.5 }).toEqual({ f1: 1, isParted: true });
});

test('refuse what cannot be tuned', () => {
  expect(() => tuneThresholds([], [])).toThrow('no examples or no labels');
  expect(() => tuneThresholds([[true]], [[Number.NaN]])).toThrow('scores[0] is NaN');
  expect(() =>
    tuneThresholds(
      [[true, true], [true]],
      [
        [0, 1],
        [0, 1],
      ],
    ),
  ).toThrow('applies[1] has 1 entries');
});
