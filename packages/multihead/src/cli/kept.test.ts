/** @file Files that a run does not own are kept: inputs that are named as outputs, and folders that hold something. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { toyFolder } from '../testing/toy.js';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
const multihead = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });
const task = 'text-classification';
let folder: string;
const at = (name: string) => join(folder, name);
const train = (output: string, ...more: string[]) => [
  ...['train', task, '--from-scratch', '--config', at('config.json'), '--tokenizer', folder],
  ...['--train', at('train.tsv'), '--eval', at('eval.tsv'), '--epochs', '1', '--output', output, ...more],
];

beforeAll(() => {
  folder = toyFolder();
  expect(multihead(...train(at('trained'))).status).toBe(0);
});

/** All that a folder holds. */
const contents = (of: string) =>
  readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'latin1')]);

function refused(args: string[], message: string, kept = folder): void {
  const before = contents(kept);
  const { status, stderr } = multihead(...args);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(message) });
  expect(contents(kept)).toEqual(before);
}

test('predictions do not take the place of the texts, by whatever name', () => {
  const predict = ['predict', task, '--model', at('trained')];
  symlinkSync('eval.tsv', at('link.tsv'));
  symlinkSync(folder, at('self'));
  for (const output of ['eval.tsv', 'link.tsv', 'self/eval.tsv', './trained/../eval.tsv']) {
    refused([...predict, '--data', at('eval.tsv'), '--output', `${folder}/${output}`], 'which --data reads');
  }
  for (const name of ['link.tsv', 'self']) rmSync(at(name));
  const weights = at('trained/model.safetensors');
  refused([...predict, '--data', at('eval.tsv'), '--output', weights], 'which --model reads');
});

test('nor do vectors', () => {
  writeFileSync(at('texts.npy'), 'the film\n');
  const embed = ['embed', at('texts.npy'), '--model', at('trained'), '--output', at('texts.npy')];
  refused(embed, 'texts.npy: is ');
});

test.each([
  ['a model in several files', { 'model.safetensors.index.json': '{}', 'model-00001-of-00001.safetensors': '' }],
  ['a configuration', { 'config.json': '{}' }],
  ['a tokenizer', { 'vocab.txt': 'the' }],
  ['a report', { 'predictions.jsonl': '{}' }],
  ['events of somebody', { 'events.jsonl': '{}' }],
])('a folder with %s is no output without --overwrite', (_, files) => {
  const output = at('users');
  mkdirSync(output);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(output, name), text);
  refused(train(output), `already holds ${Object.keys(files)[0]}`, output);
  rmSync(output, { recursive: true });
});

test('what a run is made from is not replaced by it, even with --overwrite', () => {
  symlinkSync(folder, at('self'));
  refused(train(at('self'), '--overwrite'), 'is the folder of --config');
  rmSync(at('self'));
  mkdirSync(at('other'));
  cpSync(at('config.json'), at('other/config.json'));
  refused([...train(folder, '--overwrite'), '--config', at('other/config.json')], 'is the folder of --tokenizer');
});

test("with --overwrite the model's own files go, and the user's stay", () => {
  const output = at('replaced');
  cpSync(at('trained'), output, { recursive: true });
  for (const name of ['thesis.partial', 'notes.txt', 'pytorch_model.bin', 'added_tokens.json'])
    writeFileSync(join(output, name), '');
  const args = train(output, '--overwrite');
  args.splice(args.indexOf('--eval'), 2);
  expect(multihead(...args).status).toBe(0);
  const names = readdirSync(output);
  for (const name of ['thesis.partial', 'notes.txt', 'model.safetensors']) expect(names).toContain(name);
  for (const gone of [
    'report.json',
    'predictions.jsonl',
    'eval_results.json',
    'pytorch_model.bin',
    'added_tokens.json',
  ])
    expect(names).not.toContain(gone);
});

test('an evaluation takes the place of a report only with --overwrite, and says so before it begins', () => {
  const evaluate = ['evaluate', task, '--model', at('trained'), '--data', at('eval.tsv'), '--report', at('trained')];
  refused(evaluate, 'already holds report.json', at('trained'));
  expect(multihead(...evaluate, '--overwrite').status).toBe(0);
});
