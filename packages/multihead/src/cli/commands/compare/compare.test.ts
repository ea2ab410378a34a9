/** @file Reports and comparisons as a user meets them: the real program in a process of its own. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder } from '../../../testing/toy.js';

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

let folder: string;
let [untrained, trained] = ['', ''];

beforeAll(() => {
  folder = toyFolder();
  [untrained, trained] = [join(folder, 'untrained'), join(folder, 'trained')];
  const files = ['--train', join(folder, 'train.tsv'), '--eval', join(folder, 'eval.tsv')];
  const model = ['--from-scratch', '--config', join(folder, 'config.json'), '--tokenizer', folder];
  for (const [output, epochs, rate] of [[untrained, '1', '1e-9'] as const, [trained, '6', '2e-3'] as const]) {
    const settings = ['--output', output, '--epochs', epochs, '--learning-rate', rate];
    expect(multihead('train', 'text-classification', ...model, ...files, ...settings).stderr).toBe('');
  }
});

describe('a report', () => {
  test('stands beside the model that was trained', () => {
    const report = json(join(trained, 'report.json'));
    const saved = json(join(trained, 'eval_results.json'));
    expect(report).toMatchObject({
      task: 'text-classification',
      model: trained,
      metrics: { accuracy: saved.accuracy },
    });
    expect(report.history).toMatchObject({ evaluations: { length: 6 } });
    expect(report.settings).toMatchObject({ epochs: 6, learningRate: 2e-3 });
    const lines = readFileSync(join(trained, 'predictions.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(report.examples as number);
    const right = lines.filter((line) => (JSON.parse(line) as { scores: { accuracy: number } }).scores.accuracy === 1);
    expect(right.length / lines.length).toBeCloseTo(saved.accuracy as number, 12);
    expect(readFileSync(join(trained, 'report.html'), 'utf8')).toContain('Confusion matrix');
  });

  test('of an evaluation goes where it was asked for', () => {
    const output = join(folder, 'report');
    const args = ['evaluate', 'text-classification', '--model', trained, '--data', join(folder, 'eval.tsv')];
    expect(multihead(...args, '--report', output).status).toBe(0);
    const [own, other] = [json(join(trained, 'report.json')), json(join(output, 'report.json'))];
    expect(other.metrics).toEqual(own.metrics);
    expect(other).not.toHaveProperty('history');
  });
});

describe('compare', () => {
  test('tells a trained model from one that is not, and a model from itself not at all', () => {
    const { stdout } = multihead('compare', untrained, trained, '--json');
    const { metrics } = JSON.parse(stdout) as { metrics: { metric: string; difference: number; pValue: number }[] };
    expect(metrics[0]).toMatchObject({ metric: 'accuracy' });
    expect(metrics[0]?.difference).toBeGreaterThan(0.1);
    expect(metrics[0]?.pValue).toBeLessThan(0.05);
    expect(multihead('compare', untrained, trained).stdout).toContain('more than chance');
    expect(multihead('compare', trained, trained).stdout).toMatch(/accuracy .* \+0\.0000 .* may be chance/);
  });

  test('refuses folders without predictions, of other examples, and a file that is none of ours', () => {
    expect(multihead('compare', folder, trained)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('has no predictions.jsonl'),
    });
    const other = join(folder, 'untrained', 'predictions.jsonl');
    const lines = readFileSync(other, 'utf8');
    appendFileSync(other, lines.split('\n')[0] as string);
    expect(multihead('compare', untrained, trained).stderr).toContain('were not evaluated on the same examples');
    writeFileSync(other, '{"id": 1}\n');
    expect(multihead('compare', untrained, trained).stderr).toContain('predictions.jsonl:1: has no "scores"');
    writeFileSync(other, 'not json\n');
    expect(multihead('compare', untrained, trained).stderr).toContain('predictions.jsonl:1');
  });
});
