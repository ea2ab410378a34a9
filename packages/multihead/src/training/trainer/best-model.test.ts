import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../tasks/task.js';
import { afterEvaluation, type BestSoFar, comparedMetric, hasWaitedEnough } from './best-model.js';
import { defaultTrainingOptions } from './options.js';

const evaluation = (f1: number, loss = 1): Evaluation => ({ metrics: { f1, loss }, mainMetric: 'f1', report: '' });
const options = { ...defaultTrainingOptions, earlyStoppingPatience: 2 };
const none: BestSoFar = { best: null, evaluationsWithoutGain: 0 };

/** Evaluations one after the other. */
const after = (values: readonly number[], given = options) => {
  let state: ReturnType<typeof afterEvaluation> = { ...none, isBest: false };
  for (const value of values) state = afterEvaluation(state, evaluation(value, value), given);
  return state;
};

describe('the metric that counts', () => {
  test("is the task's own, or another that the evaluation has, by either name", () => {
    expect(comparedMetric(evaluation(0.5), options)).toEqual({ name: 'f1', value: 0.5, greaterIsBetter: true });
    for (const metricForBestModel of ['loss', 'eval_loss']) {
      const found = comparedMetric(evaluation(0.5, 3), { ...options, metricForBestModel });
      expect(found).toEqual({ name: 'loss', value: 3, greaterIsBetter: false });
    }
    expect(comparedMetric({ ...evaluation(1), greaterIsBetter: false }, options).greaterIsBetter).toBe(false);
    expect(comparedMetric(evaluation(1), { ...options, greaterIsBetter: false }).greaterIsBetter).toBe(false);
  });

  test("may be a classifier's loss; of errors and losses less is better, by their names", () => {
    const given = {
      metrics: { log_loss: 2, expected_calibration_error: 0.1, rmse: 3, f1: 1 },
      mainMetric: 'f1',
      report: '',
    };
    const found = ['eval_loss', 'expected_calibration_error', 'rmse', 'eval_f1'].map((metricForBestModel) => {
      const { name, greaterIsBetter } = comparedMetric(given, { ...options, metricForBestModel });
      return [name, greaterIsBetter];
    });
    expect(found).toEqual([
      ['log_loss', false],
      ['expected_calibration_error', false],
      ['rmse', false],
      ['f1', true],
    ]);
  });

  test('must be there', () => {
    const given = { ...options, metricForBestModel: 'accuracy' };
    expect(() => comparedMetric(evaluation(1), given)).toThrow(
      'metricForBestModel is accuracy; the evaluation has: f1, loss',
    );
  });
});

describe('the best so far', () => {
  test('is the highest, or the lowest loss; of equals the later', () => {
    expect(after([0.5, 0.7, 0.6])).toMatchObject({ best: 0.7, isBest: false });
    expect(after([0.5, 0.7, 0.7])).toMatchObject({ best: 0.7, isBest: true });
    expect(after([3, 2, 4], { ...options, metricForBestModel: 'loss' })).toMatchObject({ best: 2, isBest: false });
    expect(after([Number.NaN])).toMatchObject({ best: null, isBest: true });
    expect(after([0.5, Number.NaN])).toMatchObject({ best: 0.5, isBest: false });
  });

  test('is waited for as long as patience lasts, and small gains are none', () => {
    expect(hasWaitedEnough(after([0.5, 0.7, 0.6]), options)).toBe(false);
    expect(hasWaitedEnough(after([0.5, 0.7, 0.6, 0.7]), options)).toBe(true);
    expect(hasWaitedEnough(after([0.5, 0.7, 0.6, 0.8, 0.6]), options)).toBe(false);
    const strict = { ...options, earlyStoppingThreshold: 0.05 };
    expect(hasWaitedEnough(after([0.5, 0.52, 0.54], strict), strict)).toBe(true);
    expect(after([0.5, 0.52, 0.54], strict).best).toBe(0.54);
    expect(hasWaitedEnough(after([0.5, 0.4, 0.3, 0.2]), defaultTrainingOptions)).toBe(false);
  });
});
