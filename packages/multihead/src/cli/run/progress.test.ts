/** @file What a run prints where nobody asked for JSON and the output is a pipe or a file: lines for people. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { toyFolder } from '../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../bin/multihead.js', import.meta.url));
const multihead = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });

let folder: string;
beforeAll(() => {
  folder = toyFolder();
});

/** Trains for two epochs of 12 steps. */
const train = (output: string, ...more: string[]): SpawnSyncReturns<string> =>
  multihead(
    ...[
      'train',
      'text-classification',
      '--from-scratch',
      '--config',
      join(folder, 'config.json'),
      '--tokenizer',
      folder,
    ],
    ...['--train', join(folder, 'train.tsv'), '--epochs', '2', '--learning-rate', '2e-3'],
    ...['--output', join(folder, output), ...more],
  );
const evaluation = () => ['--eval', join(folder, 'eval.tsv')];
const number = String.raw` *\d+\.\d{4}`;
const epochLine = (epoch: number) =>
  new RegExp(
    `^epoch ${epoch}/2  train loss${number}  eval loss${number}  accuracy${number}  macro_f1${number}  time +\\d:\\d\\d( {2}best)?$`,
  );

describe('train, into a pipe', () => {
  test('has a line for each evaluation, those of steps between them, and the report once', () => {
    const output = join(folder, 'piped');
    const { stdout, stderr } = train('piped', ...evaluation(), '--logging-steps', '8');
    expect(stderr).toBe('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    const lines = stdout.split('\n');
    const told = lines.filter((line) => /^(step|epoch)/.test(line));
    expect(told.map((line) => line.replace(/ {2}(epoch|train) .*/, ''))).toEqual([
      ...['step  8/24', 'epoch 1/2', 'step 16/24', 'step 24/24', 'epoch 2/2'],
    ]);
    expect(told[0]).toMatch(
      /^step {2}8\/24 {2}epoch 0\.67 {2}loss \d\.\d{4} {2}rate \d\.\d\de-\d {2}\d+ tokens\/s {2}\d:\d\d left$/,
    );
    expect(told[1]).toMatch(epochLine(1));
    expect(told[1]).toMatch(/best$/);
    expect(told[4]).toMatch(epochLine(2));
    expect(stdout.match(/weighted avg/g)).toHaveLength(1);
    expect(lines.indexOf(told[4] as string)).toBeLessThan(lines.findIndex((line) => line.includes('weighted avg')));
    expect(lines.slice(-5)).toEqual([
      '',
      `report: ${join(output, 'report.html')}`,
      `saved in ${output}. Try it:`,
      `  npx multihead predict text-classification --model ${output} "..."`,
      '',
    ]);
  });

  test.each(['no', 'epoch'])('--logging-strategy %s: the lines of the epochs alone', (strategy) => {
    const { stdout } = train(`logging-${strategy}`, ...evaluation(), '--logging-strategy', strategy);
    const told = stdout.split('\n').filter((line) => /^(step|epoch)/.test(line));
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(epochLine(2));
  });

  test('evaluations by steps have the only lines of that kind', () => {
    const { stdout } = train('by-steps', ...evaluation(), '--eval-steps', '8', '--logging-strategy', 'epoch');
    const told = stdout.split('\n').filter((line) => /^(step|epoch)/.test(line));
    expect(told.map((line) => line.replace(/ {2}(epoch|train) .*/, ''))).toEqual([
      ...['epoch 0.67/2', 'step 12/24', 'epoch 1.33/2', 'step 24/24', 'epoch 2.00/2'],
    ]);
  });

  test('without an evaluation each epoch has its loss', () => {
    const { stdout } = train('alone', '--logging-strategy', 'no');
    expect(stdout).toMatch(/\nepoch 1\/2 {2}train loss \d\.\d{4} {2}time .*\nepoch 2\/2 {2}train loss .*\n24 steps, /);
    expect(stdout).not.toContain('report:');
  });

  test('--seeds and --dry-run, too, are in words', () => {
    expect(train('seeds', ...evaluation(), '--seeds', '1,2', '--epochs', '1').stdout).toMatch(
      /\n2 seeds: mean and standard deviation\naccuracy +\d\.\d{4} \+- \d\.\d{4}\n/,
    );
    expect(train('dry', '--dry-run').stdout).toMatch(/^parameters .*\n[\s\S]*\nNothing was written\.\n$/);
  });
});

test('pretrain tells of its corpus, its evaluations, and where the model is', () => {
  const text = Array.from({ length: 60 }, (_, i) => `the film is ${i % 2 ? 'good' : 'bad'} ${i} the book is great`);
  writeFileSync(join(folder, 'text.txt'), text.join('\n\n'));
  const output = join(folder, 'pretrained');
  const { stdout, stderr } = multihead(
    ...['pretrain', 'fill-mask', '--tokenizer', folder, '--config', join(folder, 'config.json')],
    ...['--corpus', join(folder, 'text.txt'), '--validation-share', '0.3', '--block-size', '16'],
    ...['--epochs', '2', '--logging-strategy', 'no', '--output', output],
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\d+ tokens of text to learn from, \d+ to evaluate on\n/);
  const told = stdout.split('\n').filter((line) => line.startsWith('epoch'));
  expect(told).toHaveLength(2);
  for (const line of told) expect(line).toMatch(/eval loss +\d\.\d{4} {2}perplexity +\d+\.\d+ {2}time/);
  const best = told.findLast((line) => line.endsWith('best')) as string;
  const [, loss] = /eval loss +([\d.]+)/.exec(best) as unknown as [string, string];
  expect(stdout).toContain(`\n\nloss        ${loss}\n`); // the report is that of the model that was kept
  expect(stdout.match(/^guesses/gm)).toHaveLength(1);
  expect(stdout).toContain(
    `saved in ${output}. Try it:\n  npx multihead predict fill-mask --model ${output} "... [MASK] ..."\n`,
  );
});
