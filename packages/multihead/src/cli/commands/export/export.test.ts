/** @file `multihead export` as a user meets it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';

const mini = join(fileURLToPath(new URL('../../../../../../', import.meta.url)), 'models/mini');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('writes a file for each dtype, with a line about each, for a device', () => {
  const output = join(folder, 'web');
  const args = ['export', '--model', mini, '--output', output, '--dtype', 'q4,fp16', '--device', 'webgpu'];
  const { stdout, stderr, status } = multihead(...args);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const facts = String.raw`[\d.]+ MB, relative error [\d.]+e-\d, [\d.]+ ms a text`;
  expect(stdout).toMatch(new RegExp(`^\\S+model_q4\\.onnx  ${facts}\\n\\S+model_fp16\\.onnx  ${facts}\\n$`));
  const config = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'));
  expect(config['transformers.js_config']).toEqual({ dtype: 'q4', device: 'webgpu' });
  expect(multihead(...args).stderr).toMatch(/--overwrite/);
});

test.each<[string, string[], RegExp]>([
  ['an unknown dtype', ['--dtype', 'q3'], /there is no dtype "q3"; there are: fp32, /],
  [
    'a dtype that the device lacks',
    ['--dtype', 'q8', '--device', 'webgpu'],
    /device webgpu lacks operators of dtype q8/,
  ],
  ['examples for a model that no task evaluates', ['--evaluate', 'x.tsv'], /no task evaluates BertForMaskedLM/],
])('%s: a clear error, and nothing is written', (_, args, message) => {
  const output = join(folder, 'none');
  const { stderr, status } = multihead('export', '--model', mini, '--output', output, ...args);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^ {4}at |fault of Multihead/m);
  expect(status).toBe(1);
  expect(existsSync(output)).toBe(false);
});
