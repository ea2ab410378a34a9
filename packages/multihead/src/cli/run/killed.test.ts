/**
 * @file A run that is killed in the middle of writing, renaming or removing each kind of its files, and resumed each time.
 * With MULTIHEAD_ALL_KILLS=1, at every such operation of a run, one run each. At random moments: `npm run bench -- killing`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { toyFolder } from '../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../bin/multihead.js', import.meta.url));
const killer = fileURLToPath(new URL('../../testing/kill-at.js', import.meta.url));
let folder: string;
let whole: string;

/** Starts or resumes a run. Killed at an operation, its signal is SIGKILL. */
const train = (output: string, env: Record<string, string>, ...more: string[]) => {
  const { signal, status, stderr } = spawnSync(
    process.execPath,
    [
      ...['--import', killer, bin, 'train', 'text-classification', '--from-scratch'],
      ...['--config', join(folder, 'config.json'), '--tokenizer', folder, '--train', join(folder, 'train.tsv')],
      ...['--eval', join(folder, 'eval.tsv'), '--output', output, '--epochs', '2', '--batch-size', '16'],
      ...['--learning-rate', '2e-3', '--save-steps', '2', ...more],
    ],
    { encoding: 'utf8', env: { ...process.env, KILL_ROOT: output, ...env } },
  );
  return signal ?? `${status} ${stderr}`;
};

const ended = '0 ';
const killed = 'SIGKILL';

let operations: string[];
beforeAll(() => {
  folder = toyFolder();
  whole = join(folder, 'whole');
  const trace = join(folder, 'trace');
  expect(train(whole, { KILL_TRACE: trace })).toBe(ended);
  operations = [...new Set(readFileSync(trace, 'utf8').trimEnd().split('\n'))];
});

const results = ['model.safetensors', 'config.json', 'tokenizer.json', 'eval_results.json', 'predictions.jsonl'];

function expectWhole(run: string, when: string): void {
  for (const name of results) {
    expect(readFileSync(join(run, name)).equals(readFileSync(join(whole, name))), `${name}, ${when}`).toBe(true);
  }
  expect(readdirSync(run), when).toEqual(readdirSync(whole));
}

test('twelve times in one run', () => {
  const run = join(folder, 'broken');
  const moments = [
    '^rename trainer_state',
    '^write checkpoint-\\d+/model',
    '^write checkpoint-\\d+/optimizer',
    '^rename config',
    '^rename checkpoint-(\\d+) checkpoint-\\1$',
    '^take checkpoint-\\d+',
    '^remove checkpoint-\\d+',
    '^write model.safetensors',
    '^write eval_results',
    '^rename trainer_state',
    '^remove checkpoint-10',
    '^write report.json',
  ];
  for (const [i, moment] of moments.entries()) {
    expect(train(run, { KILL_AT: moment }, ...(i > 0 ? ['--resume'] : [])), moment).toBe(killed);
  }
  expect(train(run, {}, '--resume')).toBe(ended);
  expectWhole(run, 'after all kills');
});

test.runIf(process.env.MULTIHEAD_ALL_KILLS)(
  'at every operation',
  () => {
    for (const [i, operation] of operations.entries()) {
      const run = join(folder, `killed-${i}`);
      expect(train(run, { KILL_AT: `^${operation.replaceAll('.', '\\.')}$` }), operation).toBe(killed);
      expect(train(run, {}, '--resume'), operation).toBe(ended);
      expectWhole(run, operation);
    }
    console.log(`killed at each of ${operations.length} operations, and resumed`);
  },
  1_800_000,
);
