/** @file Files that a run does not own are kept: inputs that are named as outputs, and folders that hold something. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { multihead } from '../../testing/multihead.js';
import { toyFolder } from '../../testing/toy.js';

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

test('data that lie in the output folder are not read from there, by whatever name', () => {
  const output = at('holding');
  mkdirSync(join(output, 'data'), { recursive: true });
  for (const name of ['train.tsv', 'data/more.tsv', 'predictions.jsonl']) cpSync(at('train.tsv'), join(output, name));
  symlinkSync(join(output, 'train.tsv'), at('link-to-train.tsv'));
  symlinkSync(output, at('link-to-holding'));
  const more = (flag: string, value: string) => [...train(output, '--overwrite'), flag, value];
  refused(
    more('--train', join(output, 'train.tsv')),
    `holds ${join(output, 'train.tsv')}, which --train reads`,
    output,
  );
  refused(more('--train', join(output, 'data')), 'more.tsv, which --train reads', output);
  refused(more('--eval', at('link-to-train.tsv')), 'which --eval reads', output);
  refused(more('--eval', at('link-to-holding/data/*.tsv')), 'which --eval reads', output);
  const pretrain = ['pretrain', 'fill-mask', '--tokenizer', folder, '--config', at('config.json'), '--output', output];
  refused([...pretrain, '--overwrite', '--corpus', at('link-to-train.tsv')], 'which --corpus reads', output);
  for (const name of ['link-to-train.tsv', 'link-to-holding']) rmSync(at(name));
});

test('a model in several files goes as a whole, and nothing else that its index names', () => {
  const output = at('sharded');
  mkdirSync(join(output, 'below'), { recursive: true });
  writeFileSync(at('outside.safetensors'), 'mine');
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const users = ['notes.txt', 'other.safetensors', 'below/deep.safetensors'];
  for (const name of [...shards, ...users, 'pytorch_model-00001-of-00001.bin']) writeFileSync(join(output, name), 'x');
  const index = (...names: string[]) =>
    JSON.stringify({ weight_map: Object.fromEntries(names.map((name, i) => [`tensor${i}`, name])) });
  writeFileSync(join(output, 'model.safetensors.index.json'), index(...shards, shards[0] as string, 'notes.txt'));
  writeFileSync(join(output, 'pytorch_model.bin.index.json'), index('pytorch_model-00001-of-00001.bin'));
  expect(multihead(...train(output, '--overwrite')).status).toBe(0);
  const names = readdirSync(output, { recursive: true });
  for (const name of ['model.safetensors', ...users]) expect(names).toContain(name);
  expect(names.filter((name) => /index|-of-/.test(String(name)))).toEqual([]);

  for (const hostile of [index('../outside.safetensors', 'other.safetensors'), index('below/deep.safetensors'), '{']) {
    writeFileSync(join(output, 'model.safetensors.index.json'), hostile);
    expect(multihead(...train(output, '--overwrite', '--max-steps', '1')).status).toBe(0);
    const left = readdirSync(output, { recursive: true });
    for (const name of users) expect(left).toContain(name);
    expect(left).not.toContain('model.safetensors.index.json');
  }
  expect(readFileSync(at('outside.safetensors'), 'utf8')).toBe('mine');
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
