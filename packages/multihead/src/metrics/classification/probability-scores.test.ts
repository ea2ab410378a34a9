import { expect, test } from 'vitest';
import { disagreements, drawClassified } from '../../testing/scored-cases.js';
import { brierScore, brierScoreMultiClass, logLoss } from './probability-scores.js';

test("equal scikit-learn's, 1,000 drawn cases", () => {
  const found = disagreements('probabilities', (seed) => {
    const { references, probabilities, labels, isPositive, scores } = drawClassified(seed);
    return {
      logLoss: logLoss(references, probabilities, labels),
      brier: brierScore(isPositive, scores),
      brierMultiClass: brierScoreMultiClass(references, probabilities, labels),
    };
  });
  expect(found).toEqual([]);
});

test('a logarithm of 0 stays finite', () => {
  expect(logLoss(['a'], [[1, 0]], ['a', 'b'])).toBeCloseTo(0, 12);
  expect(logLoss(['b'], [[1, 0]], ['a', 'b'])).toBeCloseTo(-Math.log(2 ** -52), 9);
});

test('rows are taken as they are, as scikit-learn 1.9 does', () => {
  // sklearn.metrics.log_loss([0, 1], [[0.5, 0.5], [0.5, 0.7]])
  const rows = [
    [0.5, 0.5],
    [0.5, 0.7],
  ];
  expect(logLoss(['a', 'b'], rows, ['a', 'b'])).toBeCloseTo(0.5249110622493389, 12);
});

test('two classes have the Brier score of the second', () => {
  const rows = [
    [0.25, 0.75],
    [0.5, 0.5],
  ];
  expect(brierScoreMultiClass(['a', 'b'], rows, ['a', 'b'])).toBe(brierScore([false, true], [0.75, 0.5]));
});

test('refuse what cannot be', () => {
  expect(() => logLoss(['c'], [[1, 0]], ['a', 'b'])).toThrow(
    'references[0] is "c", which is not among the labels: a, b',
  );
  expect(() => logLoss(['a'], [[1]], ['a', 'b'])).toThrow('probabilities[0] has 1 entries, but there are 2 labels');
  expect(() => logLoss(['a'], [[1.5, 0]], ['a', 'b'])).toThrow('probabilities[0][0] is 1.5; 0 to 1 was expected');
  expect(() => logLoss([], [], ['a'])).toThrow('at least one');
  expect(() => brierScore([], [])).toThrow('at least one');
  expect(() => brierScore([true], [Number.NaN])).toThrow('probabilities[0] is NaN; 0 to 1 was expected');
  expect(() => brierScoreMultiClass(['a'], [], ['a'])).toThrow('1 examples and 0 predictions');
});
