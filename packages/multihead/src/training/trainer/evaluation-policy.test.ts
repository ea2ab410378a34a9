import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../tasks/task.js';
import { freshState } from '../checkpoints/resume.js';
import { stateAfterEvaluation } from './evaluation-policy.js';
import { trainingOptions } from './options.js';

const evaluation = (metrics: Evaluation['metrics']): Evaluation => ({ metrics, mainMetric: 'f1', report: '' });

describe('an evaluation', () => {
  test('changes the best model, the patience that is left, and the rate on a plateau together', () => {
    const options = trainingOptions({
      lrSchedulerType: 'reduce_lr_on_plateau',
      lrSchedulerKwargs: { patience: 1, factor: 0.5 },
      metricForBestModel: 'eval_loss',
      earlyStoppingPatience: 3,
    });
    let state = freshState({});
    const told = [2, 1, 1.5, 1.25, 1.125].map((loss) => {
      const { isBest, ...next } = stateAfterEvaluation(state, evaluation({ f1: 0, loss }), options);
      state = next;
      return [isBest, state.best, state.plateau.rateFactor, state.isStopped];
    });
    expect(told).toEqual([
      [true, 2, 1, false],
      [true, 1, 1, false],
      [false, 1, 1, false],
      [false, 1, 0.5, false],
      [false, 1, 0.5, true],
    ]);
  });
});
