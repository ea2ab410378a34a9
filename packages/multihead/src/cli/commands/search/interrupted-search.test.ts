/** @file A search that Ctrl-C ends, or that is killed: its trial is continued from its checkpoint, and counted once. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { openStorage } from '../../../search/storage/open-storage.js';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder } from '../../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = toyFolder();
  writeFileSync(
    at('space.json'),
    JSON.stringify({ 'learning-rate': { type: 'float', low: 1e-4, high: 1e-2, log: true } }),
  );
});

const command = (output: string) => [
  ...['search', 'text-classification', '--from-scratch', '--config', at('config.json'), '--tokenizer', folder],
  ...['--train', at('train.tsv'), '--eval', at('eval.tsv'), '--output', at(output), '--space', at('space.json')],
  ...['--max-steps', '600', '--eval-steps', '300', '--save-steps', '20', '--save-strategy', 'steps', '--trials', '1'],
];

const trials = async (output: string) =>
  (await openStorage(at(`${output}/search.journal`)).open('text-classification', ['maximize'])).trials();

/** Runs a search, and sends it a signal when its trial has made a checkpoint. */
function interrupted(output: string, signal: NodeJS.Signals): Promise<{ signal: string | null; stderr: string }> {
  const child = spawn(process.execPath, [bin, ...command(output)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const watch = setInterval(() => {
    if (existsSync(at(`${output}/trial-0/checkpoint-20`)) || existsSync(at(`${output}/trial-0/checkpoint-40`))) {
      clearInterval(watch);
      child.kill(signal);
    }
  }, 5);
  return new Promise((done) => {
    child.on('close', (_, by) => {
      clearInterval(watch);
      done({ signal: by, stderr });
    });
  });
}

test.each(['SIGINT', 'SIGKILL'] as const)('%s', async (signal) => {
  const ended = await interrupted(signal, signal);
  expect(ended.signal).toBe(signal);
  const [before] = await trials(signal);
  expect(before?.state).toBe(signal === 'SIGINT' ? 'waiting' : 'running');
  if (signal === 'SIGINT') {
    expect(ended.stderr).toContain('Ctrl-C: running trials are being saved, and can be resumed');
    expect(ended.stderr).toContain('--trials 1 --resume');
  }
  // The trial's own process may still be saving.
  const { status, stdout, stderr } = multihead(...command(signal), '--resume');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('1 trial: 1 complete');
  const after = await trials(signal);
  expect(after).toHaveLength(1);
  expect(after[0]).toMatchObject({ state: 'complete', params: before?.params });
  expect([...(after[0]?.intermediateValues.keys() ?? [])]).toEqual([1, 2]);
  const events = readFileSync(at(`${signal}/trial-0/events.jsonl`), 'utf8');
  expect(events).toMatch(/"type":"start".*"resumedAt":[1-9]/);
});
