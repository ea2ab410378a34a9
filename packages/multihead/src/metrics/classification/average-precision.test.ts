import { expect, test } from 'vitest';
import { disagreements, drawClassified, drawLabelled } from '../../testing/scored-cases.js';
import { averagePrecision, averagePrecisionMultiLabel } from './average-precision.js';

test("one label: equals scikit-learn's, 1,000 drawn cases", () => {
  const found = disagreements('probabilities', (seed) => {
    const { isPositive, scores } = drawClassified(seed);
    return { averagePrecision: averagePrecision(isPositive, scores) };
  });
  expect(found).toEqual([]);
});

test("several labels: scikit-learn's, 1,000 drawn cases", () => {
  const found = disagreements('multi-label-probabilities', (seed) => {
    const { applies, scores } = drawLabelled(seed);
    return {
      averagePrecisionMacro: averagePrecisionMultiLabel(applies, scores),
      averagePrecisionWeighted: averagePrecisionMultiLabel(applies, scores, 'weighted'),
      averagePrecisionMicro: averagePrecisionMultiLabel(applies, scores, 'micro'),
      averagePrecisionSamples: averagePrecisionMultiLabel(applies, scores, 'samples'),
    };
  });
  expect(found).toEqual([]);
});

test('is 0 where no example is positive, and the share of positives where all scores are alike', () => {
  expect(averagePrecision([false, false], [0.1, 0.2])).toBe(0);
  expect(averagePrecision([true, false, false, false], [1, 1, 1, 1])).toBe(0.25);
});

test('refuses what cannot be measured', () => {
  expect(() => averagePrecision([false], [1, 2])).toThrow('1 classes, but 2 scores');
  expect(() => averagePrecision([], [])).toThrow('no examples');
  expect(() => averagePrecision([false], [Number.NaN])).toThrow('scores[0] is NaN');
  expect(() => averagePrecisionMultiLabel([[true, false]], [[1]])).toThrow('scores[0] has 1 entries, but there are 2');
});
