import fc from 'fast-check';
import { expect, test } from 'vitest';
import { disagreements, drawClassified } from '../../testing/scored-cases.js';
import { expectedCalibrationError, reliabilityBins } from './calibration.js';

test("has scikit-learn's bins, 1,000 drawn cases", () => {
  const found = disagreements('probabilities', (seed) => {
    const { confidences, isRight } = drawClassified(seed);
    return { ece: expectedCalibrationError(confidences, isRight) };
  });
  expect(found).toEqual([]);
});

test('a confidence on a border belongs to the bin below; 0 and 1 to the first and last', () => {
  // numpy.searchsorted(numpy.linspace(0, 1, 11)[1:-1], [...]), as calibration_curve has it: the third border is
  // 0.30000000000000004.
  const bins = reliabilityBins([0, 0.1, 0.2, 0.3, 0.30000000000000004, 0.3000000000000001, 1], new Array(7).fill(true));
  expect(bins.map(({ count }) => count)).toEqual([2, 1, 2, 1, 1]);
});

test('every example is in one bin; the error is at most 1, and in one bin that of the means', () => {
  const examples = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1 });
  fc.assert(
    fc.property(examples, fc.integer({ min: 1, max: 30 }), (drawn, bins) => {
      const [confidences, isRight] = [drawn.map(([confidence]) => confidence), drawn.map(([, right]) => right)];
      const counts = reliabilityBins(confidences, isRight, bins).map(({ count }) => count);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(drawn.length);
      const error = expectedCalibrationError(confidences, isRight, bins);
      expect(error).toBeLessThanOrEqual(1 + 1e-12);
      const means = drawn.reduce((sum, [confidence, right]) => sum + confidence - Number(right), 0) / drawn.length;
      expect(expectedCalibrationError(confidences, isRight, 1)).toBeCloseTo(Math.abs(means), 12);
      expect(error).toBeGreaterThanOrEqual(Math.abs(means) - 1e-12);
    }),
  );
});

test('is not defined without examples', () => {
  expect(expectedCalibrationError([], [])).toBeNaN();
});

test('refuses what cannot be', () => {
  expect(() => reliabilityBins([1.5], [true])).toThrow('confidences[0] is 1.5; 0 to 1 was expected');
  expect(() => reliabilityBins([0.5], [])).toThrow('1 confidences, but 0 outcomes');
  expect(() => reliabilityBins([0.5], [true], 0)).toThrow('0 bins; a whole number from 1 was expected');
});
