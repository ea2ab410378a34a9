import { expect, test } from 'vitest';
import { drawClassified, drawLabelled } from '../../testing/scored-cases.js';
import { multiLabelScoreMetrics, scoreMetrics, scoresInOrder } from './score-metrics.js';

/** What is kept of predictions, which have all labels with their scores, the highest first. */
const kept = (labels: readonly string[], rows: readonly (readonly number[])[]) => {
  const ranked = rows.map((row) =>
    labels.map((label, k) => ({ label, score: row[k] as number })).sort((a, b) => b.score - a.score),
  );
  const scores = ranked.map((prediction, i) => scoresInOrder(prediction, labels, i));
  const chosen = ranked.map(([best]) => best?.label as string);
  return { labels, scores, chosen, confidences: ranked.map(([best]) => best?.score as number) };
};

const names = (metrics: Readonly<Record<string, number>>) => Object.keys(metrics).sort();

test('two classes: the second is the positive one', () => {
  const rows = [
    [0.9, 0.1],
    [0.6, 0.4],
    [0.65, 0.35],
    [0.2, 0.8],
  ];
  const references = ['no', 'no', 'yes', 'yes'];
  const metrics = scoreMetrics(kept(['no', 'yes'], rows), references);
  // scikit-learn: matthews_corrcoef([0, 0, 1, 1], [0, 0, 0, 1]), roc_auc_score and average_precision_score of
  // [0.1, 0.4, 0.35, 0.8], log_loss.
  expect(metrics).toEqual({
    matthews_correlation: expect.closeTo(0.5773502691896258, 12),
    roc_auc: 0.75,
    average_precision: expect.closeTo(0.8333333333333333, 12),
    log_loss: expect.closeTo(-(Math.log(0.9) + Math.log(0.6) + Math.log(0.35) + Math.log(0.8)) / 4, 12),
    // Each in its bin: 0.8 - 1, 0.9 - 1, 0.6 - 1, 0.65 - 0, weighted by a quarter.
    expected_calibration_error: expect.closeTo((0.2 + 0.1 + 0.4 + 0.65) / 4, 12),
  });
});

test('what is not defined is left out', () => {
  const rows = [
    [0.9, 0.1],
    [0.6, 0.4],
  ];
  const ofOneClass = scoreMetrics(kept(['no', 'yes'], rows), ['no', 'no']);
  expect(names(ofOneClass)).toEqual(['expected_calibration_error', 'log_loss', 'matthews_correlation']);
  const three = scoreMetrics(kept(['a', 'b', 'c'], [[0.5, 0.3, 0.2]]), ['a']);
  expect(names(three)).toEqual(['expected_calibration_error', 'log_loss', 'matthews_correlation']);
});

test('several classes have an area, but no average precision', () => {
  const { labels, probabilities } = drawClassified(1);
  const references = labels.flatMap((label) => [label, label]);
  const rows = references.map((_, i) => probabilities[i % probabilities.length] as number[]);
  const metrics = scoreMetrics(kept(labels, rows), references);
  expect(labels.length).toBeGreaterThan(2);
  expect(names(metrics)).toEqual(['expected_calibration_error', 'log_loss', 'matthews_correlation', 'roc_auc']);
});

test('several labels: labels that never or always apply do not count in areas', () => {
  const labels = ['a', 'b', 'never', 'always'];
  const rows = [
    [0.9, 0.2, 0.3, 0.3],
    [0.2, 0.3, 0.1, 0.4],
    [0.4, 0.9, 0.2, 0.9],
  ];
  const references = [['a', 'always'], ['b', 'always'], ['always']];
  const { metrics, thresholds } = multiLabelScoreMetrics(kept(labels, rows), references);
  expect(metrics).toEqual({
    roc_auc: 0.75, // a: 1, b: 1 / 2
    mean_average_precision: expect.closeTo((1 + 1 / 2 + 1) / 3, 12), // a, b, always
    tuned_micro_f1: expect.closeTo(10 / 11, 12), // 5 right of 5, one too many
    tuned_macro_f1: expect.closeTo((1 + 2 / 3 + 0 + 1) / 4, 12),
  });
  expect(thresholds).toEqual([
    { threshold: expect.closeTo(0.65, 12), f1: 1 },
    { threshold: expect.closeTo(0.25, 12), f1: expect.closeTo(2 / 3, 12) },
    { threshold: 0.5, f1: 0 },
    { threshold: expect.closeTo(0.15, 12), f1: 1 },
  ]);
});

test('tuned thresholds are never worse than one half, label by label', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { applies, scores } = drawLabelled(seed);
    const labels = (applies[0] ?? []).map((_, k) => `label ${k}`);
    const references = applies.map((row) => labels.filter((_, k) => row[k]));
    const { metrics } = multiLabelScoreMetrics(kept(labels, scores), references);
    const f1AtHalf = labels.map((_, k) => {
      const right = applies.filter((row, i) => row[k] && (scores[i]?.[k] ?? 0) > 0.5).length;
      const both = applies.filter((row) => row[k]).length + scores.filter((row) => (row[k] ?? 0) > 0.5).length;
      return both === 0 ? 0 : (2 * right) / both;
    });
    const macro = f1AtHalf.reduce((a, b) => a + b, 0) / labels.length;
    expect(metrics.tuned_macro_f1, `case ${seed}`).toBeGreaterThanOrEqual(macro - 1e-12);
  }
});

test('a model whose scores are no numbers is named as such, and nothing hangs', () => {
  const rows = [
    [0.4, 0.6],
    [Number.NaN, Number.NaN],
  ];
  const message = /score of "no" is NaN for example 2.*weights are damaged, or training diverged/;
  expect(() => kept(['no', 'yes'], rows)).toThrow(message);
});
