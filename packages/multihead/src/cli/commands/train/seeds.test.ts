import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { trainSeeds } from './seeds.js';
import type { TrainArguments } from './train.js';

test('a score that one of the runs does not have is left out of their summary', async () => {
  const output = await mkdtemp(join(tmpdir(), 'multihead-seeds-'));
  const metricsOf: Record<number, Record<string, number>> = {
    1: { accuracy: 0.5, roc_auc: 1 },
    2: { accuracy: 1 },
  };
  const folders: string[] = [];
  await trainSeeds([1, 2], { output } as TrainArguments, async (options) => {
    folders.push(options.output);
    return { metrics: metricsOf[options.seed as number] ?? {}, mainMetric: 'accuracy', report: '' };
  });
  const { seeds, metrics } = JSON.parse(await readFile(join(output, 'summary.json'), 'utf8'));
  await rm(output, { recursive: true });
  expect(folders).toEqual([join(output, 'seed-1'), join(output, 'seed-2')]);
  expect(seeds).toEqual([
    { seed: 1, metrics: metricsOf[1] },
    { seed: 2, metrics: metricsOf[2] },
  ]);
  expect(metrics).toEqual({ accuracy: { mean: 0.75, deviation: Math.sqrt(0.125) } });
});
