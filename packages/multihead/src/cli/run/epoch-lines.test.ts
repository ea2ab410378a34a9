import { expect, test } from 'vitest';
import type { EvaluationEvent } from '../../training/trainer/events.js';
import { EpochLines } from './epoch-lines.js';

const evaluation = (epoch: number, accuracy: number, best: boolean): EvaluationEvent => ({
  type: 'evaluation',
  epoch,
  step: 12 * epoch,
  best,
  mainMetric: 'accuracy',
  report: '',
  metrics: { accuracy, micro_f1: accuracy, macro_f1: accuracy - 0.01, log_loss: 0.75 },
});

/** Two epochs of two steps, in a terminal of so many columns. */
function linesIn(columns: number | undefined): string[] {
  const lines = new EpochLines({ loggingSteps: 10 }, columns);
  lines.start(10);
  const told: string[] = [];
  for (const [epoch, accuracy] of [
    [1, 0.5],
    [2, 0.4375],
  ] as const) {
    lines.add(1 / epoch);
    lines.add(2 / epoch);
    told.push(lines.evaluated(evaluation(epoch, accuracy, epoch === 1), `0:0${epoch}`));
  }
  return told.join('\n').split('\n');
}

test('in a terminal they are a table with one row of names', () => {
  expect(linesIn(80)).toEqual([
    '   epoch  train loss  eval loss  accuracy  macro_f1   time',
    '    1/10      1.5000     0.7500    0.5000    0.4900   0:01  best',
    '    2/10      0.7500     0.7500    0.4375    0.4275   0:02',
  ]);
});

test('where a terminal is narrow, it has what matters most', () => {
  expect(linesIn(60)[0]).toBe('   epoch  train loss  eval loss  accuracy   time');
  expect(linesIn(50)[0]).toBe('   epoch  train loss  eval loss  accuracy');
  expect(linesIn(10)[0]).toBe('   epoch');
  for (const columns of [100, 80, 60, 50, 40]) {
    for (const line of linesIn(columns)) expect(line.length).toBeLessThan(columns);
  }
});

test('in a log each number has its name', () => {
  expect(linesIn(undefined)).toEqual([
    'epoch  1/10  train loss 1.5000  eval loss 0.7500  accuracy 0.5000  macro_f1 0.4900  time  0:01  best',
    'epoch  2/10  train loss 0.7500  eval loss 0.7500  accuracy 0.4375  macro_f1 0.4275  time  0:02',
  ]);
});

test('an epoch without an evaluation has its loss', () => {
  const lines = new EpochLines({ loggingSteps: 10 });
  lines.start(3);
  lines.add(0.5);
  expect(lines.passed(1, '0:10')).toBe('epoch 1/3  train loss 0.5000  time  0:10');
});

test('evaluations in the middle of epochs say how far the run is', () => {
  const lines = new EpochLines({ loggingSteps: 10, evalSteps: 6 });
  lines.start(3);
  expect(lines.evaluated(evaluation(0.5, 0.25, false), '0:10')).toMatch(/^epoch 0\.50\/3 {2}eval loss /);
  expect(lines.evaluated(evaluation(1, 0.25, false), '0:10')).toMatch(/^epoch 1\.00\/3 {2}eval loss /);
});

test('the metric that decides comes first; a language model has perplexity beside its loss', () => {
  const decided = new EpochLines({ loggingSteps: 10, metricForBestModel: 'micro_f1' });
  expect(decided.evaluated(evaluation(1, 0.25, false), '0:10')).toContain('micro_f1 0.2500  accuracy 0.2500  macro_f1');
  const metrics = { loss: 5.25, perplexity: 190.566, accuracy: 0.1 };
  const pretraining = new EpochLines({ loggingSteps: 10 });
  expect(pretraining.evaluated({ ...evaluation(1, 0, true), metrics, mainMetric: 'loss' }, '0:10')).toBe(
    'epoch 1/1  eval loss 5.2500  perplexity  190.6  time  0:10  best',
  );
});
