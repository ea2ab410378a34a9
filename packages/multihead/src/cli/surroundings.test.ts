/** @file What the machine or the user is the reason of is never told as a fault of Multihead. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { toyFolder } from '../testing/toy.js';
import { reportError } from './report-error.js';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
const embedded = fileURLToPath(new URL('../../../../models/mini', import.meta.url));
const toy = toyFolder();
const train = (output: string): string[] => [
  ...['train', 'text-classification', '--from-scratch', '--config', join(toy, 'config.json'), '--tokenizer', toy],
  ...['--train', join(toy, 'train.tsv'), '--epochs', '1', '--output', output],
];
const failing = (...args: string[]): string => {
  const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).not.toContain('fault of Multihead');
  return stderr;
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(toy, 'case-'));
});
afterAll(() => rmSync(toy, { recursive: true, force: true }));

test('an empty --output', () => {
  expect(failing(...train(''))).toContain('--output is empty');
});

test('events.jsonl is a folder, a link or a pipe', () => {
  const path = join(folder, 'events.jsonl');
  mkdirSync(path);
  expect(failing(...train(folder), '--overwrite')).toContain('events.jsonl: is a folder; a file is written there');
  rmdirSync(path);
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'mine');
  symlinkSync(victim, path);
  expect(failing(...train(folder), '--overwrite')).toContain('events.jsonl: is a symbolic link');
  expect(readFileSync(victim, 'utf8')).toBe('mine');
  rmSync(path);
  if (spawnSync('mkfifo', [path]).status !== 0) return;
  expect(failing(...train(folder), '--overwrite')).toContain('events.jsonl: is a named pipe');
});

test('a file is where the folder of TensorBoard files goes', () => {
  writeFileSync(join(folder, 'tensorboard'), '');
  expect(failing(...train(folder), '--report-to', 'tensorboard')).toContain('tensorboard: is a file; a folder was');
});

test('a report folder that cannot be written is found out before anything is evaluated', () => {
  const file = join(folder, 'report');
  writeFileSync(file, '');
  const data = ['--data', join(toy, 'train.tsv'), '--model', embedded];
  expect(failing('evaluate', 'text-classification', ...data, '--report', file)).toContain(`${file}: is a file`);
  expect(failing('evaluate', 'text-classification', ...data, '--report', '')).toContain('--report is empty');
});

test.each([
  [Object.assign(new Error('uv_os_homedir'), { syscall: 'uv_os_homedir', errno: -2 }), 'set HOME'],
  [Object.assign(new Error('ENOSPC'), { syscall: 'write', code: 'ENOSPC', path: join(tmpdir(), 'x') }), 'disk is full'],
  [new RangeError('Array buffer allocation failed'), 'not enough memory'],
  [new Error('WebAssembly.Memory(): could not allocate memory'), 'not enough memory'],
  [new Error('std::bad_alloc'), 'not enough memory'],
])('%s', (error, told) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    expect(reportError(error, false)).toBe(1);
    expect(said.mock.calls.flat().join('\n')).toContain(told);
    expect(said.mock.calls.flat().join('\n')).not.toContain('fault of Multihead');
  } finally {
    said.mockRestore();
  }
});

test('what nobody else is the reason of, is', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  reportError(new TypeError('x is undefined'), false);
  expect(said.mock.calls.flat().join('\n')).toContain('fault of Multihead');
  said.mockRestore();
});
