/** @file Names of metrics are checked by as few evaluations as are needed. */
import { beforeEach, describe, expect, test } from 'vitest';
import { checkMetricNames } from './metric-names.js';

describe('the names of metrics', () => {
  const counts: number[] = [];
  /** Of fewer than 32 examples the area is not defined. */
  const evaluateFirst = async (count: number) => {
    counts.push(count);
    return { metrics: count < 32 ? { f1: 1, log_loss: 1 } : { f1: 1, log_loss: 1, roc_auc: 1 } };
  };
  beforeEach(() => {
    counts.length = 0;
  });
  const named = (...names: string[]) => names.map((name) => ({ option: 'metricForBestModel', name }));

  test.each([
    ['f1', [16]],
    ['eval_f1', [16]],
    ['loss', [16]],
    ['eval_loss', [16]],
    ['roc_auc', [16, 64]],
  ])('%s is taken', async (name, expected) => {
    await checkMetricNames(named(name), evaluateFirst, [16, 64]);
    expect(counts).toEqual(expected);
  });

  test('nothing is evaluated for none', async () => {
    await checkMetricNames([], evaluateFirst, [16, 64]);
    expect(counts).toEqual([]);
  });

  test('one is refused that no evaluation has, not even of all examples', async () => {
    const checked = checkMetricNames(named('f1', 'bleu'), evaluateFirst, [16, 64]);
    await expect(checked).rejects.toThrow('metricForBestModel is bleu; the evaluation has: f1, log_loss, roc_auc');
    expect(counts).toEqual([16, 64]);
  });
});
