/** @file Metrics of probabilities beside scikit-learn's, on the cases of bench/peers/probability_metrics_fixtures.py. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averagePrecision } from './average-precision.js';
import { expectedCalibrationError, reliabilityBins } from './calibration.js';
import { matthewsCorrelation } from './matthews.js';
import { brierScore, logLoss } from './probability-scores.js';
import { rocAuc, rocAucOneVersusRest } from './roc-auc.js';
import { tuneThresholds } from './thresholds.js';

type Name = 'matthews' | 'rocAuc' | 'averagePrecision' | 'ovrMacro' | 'ovrWeighted' | 'logLoss' | 'brier' | 'ece';

const file = new URL('../../fixtures/metrics/probabilities.json', import.meta.url);
const { names, cases } = JSON.parse(readFileSync(file, 'utf8')) as { names: Name[]; cases: (number | null)[][] };

/** The script's generator (Park and Miller 1988), and its cases. */
function draw(seed: number) {
  let state = seed;
  const below = (limit: number) => {
    state = (state * 48271) % 2147483647;
    return Math.floor((state / 2147483647) * limit);
  };
  const [examples, classes] = [2 + below(40), 2 + below(3)];
  const references = Array.from({ length: examples }, () => below(classes));
  const probabilities = Array.from({ length: examples }, () => {
    const row = Array.from({ length: classes }, () => 1 + below(20));
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((count) => count / sum);
  });
  return { classes, references, probabilities };
}

function valuesOf(seed: number): Record<Name, number> {
  const { classes, references, probabilities } = draw(seed);
  const labels = Array.from({ length: classes }, (_, k) => `class ${k}`);
  const truths = references.map((k) => labels[k] as string);
  const best = probabilities.map((row) => row.indexOf(Math.max(...row)));
  const isPositive = references.map((k) => k === 1);
  const scores = probabilities.map((row) => row[1] as number);
  const isRight = best.map((k, i) => k === references[i]);
  return {
    matthews: matthewsCorrelation(
      truths,
      best.map((k) => labels[k] as string),
    ),
    rocAuc: rocAuc(isPositive, scores),
    averagePrecision: averagePrecision(isPositive, scores),
    ovrMacro: rocAucOneVersusRest(truths, probabilities, labels),
    ovrWeighted: rocAucOneVersusRest(truths, probabilities, labels, 'weighted'),
    logLoss: logLoss(truths, probabilities, labels),
    brier: brierScore(isPositive, scores),
    ece: expectedCalibrationError(
      probabilities.map((row) => Math.max(...row)),
      isRight,
    ),
  };
}

describe("metrics of probabilities equal scikit-learn's on 1,000 random cases", () => {
  const found = cases.map((_, i) => valuesOf(i + 1));

  test.each(names)('%s', (name) => {
    const at = names.indexOf(name);
    expect(cases).toHaveLength(1000);
    for (const [i, row] of cases.entries()) {
      const expected = row[at];
      const value = (found[i] as (typeof found)[number])[name];
      if (expected === null) expect(value, `case ${i + 1}`).toBeNaN();
      else expect(value, `case ${i + 1}`).toBeCloseTo(expected as number, 11);
    }
  });
});

describe('edge cases', () => {
  test('are as scikit-learn has them', () => {
    expect(rocAuc([true, true], [0.1, 0.2])).toBeNaN();
    expect(averagePrecision([false, false], [0.1, 0.2])).toBe(0);
    expect(matthewsCorrelation(['a', 'a'], ['a', 'b'])).toBe(0);
    expect(logLoss(['a'], [[1, 0]], ['a', 'b'])).toBeCloseTo(0, 12);
    expect(logLoss(['b'], [[1, 0]], ['a', 'b'])).toBeCloseTo(-Math.log(2 ** -52), 9);
    expect(expectedCalibrationError([], [])).toBeNaN();
  });

  test('a confidence on a border belongs to the bin below; 0 and 1 to the first and last', () => {
    const bins = reliabilityBins([0, 0.1, 0.2, 0.3, 0.30000000000000004, 1], [true, true, true, true, true, true]);
    expect(bins.map(({ count }) => count)).toEqual([2, 1, 1, 1, 1]);
  });

  test('what cannot be is refused', () => {
    expect(() => rocAuc([true], [1, 2])).toThrow('rocAuc: 1 classes, but 2 scores');
    expect(() => averagePrecision([false], [1, 2])).toThrow('1 classes, but 2 scores');
    expect(() => reliabilityBins([1.5], [true])).toThrow('confidences[0] is 1.5; 0 to 1 was expected');
    expect(() => logLoss(['c'], [[1, 0]], ['a', 'b'])).toThrow('references[0] is "c", which is no label');
    expect(() => brierScore([], [])).toThrow('at least one');
    expect(() => matthewsCorrelation([], [])).toThrow('nothing to measure');
  });
});

describe('tuned thresholds', () => {
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

  test('lie between scores, and of equals near 0.5', () => {
    expect(tuneThresholds([[true], [false]], [[0.9], [0.3]])).toEqual([{ threshold: expect.closeTo(0.6, 12), f1: 1 }]);
  });
});
