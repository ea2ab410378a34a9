/** @file The bars of `predict`, `evaluate` and of evaluations while training, in a pseudo-terminal. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { multihead } from '../../testing/multihead.js';
import { screenOf } from '../../testing/screen.js';
import { drawnBars, hasTerminal, inTerminal, showsCursor } from '../../testing/terminal.js';
import { toyFolder } from '../../testing/toy.js';

const task = 'text-classification';
const count = 3000;
let folder: string;
let train: string[];
let evaluate: string[];
let predict: string[];

beforeAll(() => {
  folder = toyFolder();
  const texts = join(folder, 'texts.tsv');
  const rows = Array.from({ length: count / 2 }, (_, i) => `the film is good ${i}\tliked\na book was poor\tdisliked\n`);
  writeFileSync(texts, `text\tlabel\n${rows.join('')}`);
  const model = join(folder, 'model');
  train = ['train', task, '--from-scratch', '--config', join(folder, 'config.json'), '--tokenizer', folder];
  train.push('--train', join(folder, 'train.tsv'), '--max-steps', '2', '--eval-batch-size', '4');
  expect(multihead(...train, '--output', model).status).toBe(0);
  evaluate = ['evaluate', task, '--model', model, '--data', texts, '--batch-size', '4'];
  predict = ['predict', task, '--model', model, '--data', texts];
}, 60_000);

/** The bar was there, on lines of its own, and is gone. */
function expectBar(text: string, columns: number, unit: string): void {
  const bars = drawnBars(text);
  expect(bars.length, text).toBeGreaterThan(0);
  for (const bar of bars) {
    expect(bar.length, bar).toBeLessThan(columns);
    expect(bar).toMatch(new RegExp(`\\d+/${count} {2}[\\d:]+ left`));
    if (columns >= 80) expect(bar).toMatch(new RegExp(`[\\d.]+ ${unit}/s`));
  }
  expect(screenOf(text, columns).join('\n')).not.toMatch(/[█░]/);
  expect(showsCursor(text)).toBe(true);
}

describe.runIf(hasTerminal).each([100, 80, 60])('at %i columns', { timeout: 120_000 }, (columns) => {
  test('evaluate leaves its scores alone', async () => {
    const text = await inTerminal(evaluate, columns);
    expectBar(text, columns, 'texts');
    expect(screenOf(text, columns)[0]).toMatch(/^ +precision +recall/);
  });

  test('predict --output leaves nothing', async () => {
    const output = join(folder, `predictions-${columns}.jsonl`);
    const text = await inTerminal([...predict, '--output', output], columns);
    expectBar(text, columns, 'texts');
    expect(screenOf(text, columns)).toEqual(['']);
    expect(readFileSync(output, 'utf8').split('\n')).toHaveLength(count + 1);
  });

  test('the evaluations of training leave their lines', async () => {
    const evaluation = ['--eval', join(folder, 'texts.tsv'), '--output', join(folder, `run-${columns}`)];
    const text = await inTerminal([...train, ...evaluation], columns);
    const ofEvaluation = drawnBars(text).filter((bar) => bar.includes(`/${count}`));
    expect(ofEvaluation.length, text).toBeGreaterThan(0);
    for (const bar of ofEvaluation) expect(bar.length, bar).toBeLessThan(columns);
    expect(screenOf(text, columns).join('\n')).not.toMatch(/[█░]/);
    expect(showsCursor(text)).toBe(true);
  });
});

test.runIf(hasTerminal)('evaluate: Ctrl-C says on a line of its own what is kept', async () => {
  const report = join(folder, 'report');
  // A text at a time, so that Ctrl-C comes long before the predictions of the first window are there.
  const text = await inTerminal([...evaluate, '--batch-size', '1', '--report', report], 80, / left/);
  expectBar(text, 80, 'texts');
  const said = 'Ctrl-C: there were no predictions yet; nothing is kept';
  expect(screenOf(text, 80).filter((line) => line !== '' && line !== '^C')).toEqual([said]);
  expect(readdirSync(report)).toEqual([]);
});
