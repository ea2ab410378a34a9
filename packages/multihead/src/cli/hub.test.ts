/** @file Commands with models by name, against a hub of the test's own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AutoTokenizer, BertConfig, BertForSequenceClassification } from '../index.js';
import { TestHub } from '../testing/hub-server.js';
import { toyConfig, toyFolder } from '../testing/toy.js';

const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
let hub: TestHub;
let folder: string;
let env: NodeJS.ProcessEnv;

const multihead = (args: string[], more: NodeJS.ProcessEnv = {}) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, [bin, ...args], { env: { ...env, ...more } }, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });

beforeAll(async () => {
  folder = toyFolder();
  const saved = join(folder, 'saved');
  const config = { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: ['disliked', 'liked'] };
  await BertForSequenceClassification.fromConfig(config, { seed: 1 }).savePretrained(saved);
  const files = (await AutoTokenizer.fromPretrained(folder)).files();
  const weights = ['config.json', 'model.safetensors'].map((name) => [name, readFileSync(join(saved, name))]);
  const texts = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]);
  hub = new TestHub(Object.fromEntries([...weights, ...texts]));
  const HF_HUB_CACHE = mkdtempSync(join(tmpdir(), 'hub-'));
  env = { ...process.env, HF_ENDPOINT: await hub.start(), HF_HUB_CACHE };
});
afterAll(() => hub.close());

test('--model ID fetches a model, with --json a line of JSON for each file; then it is there offline', async () => {
  const predict = ['predict', 'text-classification', '--model', 'me/tiny', 'the film is good', '--json'];
  const { code, stdout, stderr } = await multihead(predict);
  expect(code).toBe(0);
  const told = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { file: string; received: number; total: number });
  expect(told.map(({ file }) => file)).toContain('model.safetensors');
  for (const { received, total } of told) expect(received).toBe(total);
  const before = hub.requests.length;
  const offline = await multihead(predict, { HF_HUB_OFFLINE: '1' });
  expect(offline).toEqual({ code: 0, stdout, stderr: '' });
  expect(hub.requests).toHaveLength(before);
});

test('a hub that is down is noted, and the cache is used', async () => {
  const { code, stderr } = await multihead(['info', 'me/tiny', '--json'], { HF_ENDPOINT: 'http://127.0.0.1:9' });
  expect(code).toBe(0);
  expect(JSON.parse(stderr)).toMatchObject({
    type: 'note',
    note: expect.stringContaining('the hub cannot be reached'),
  });
});

test('info ID says what the model holds', async () => {
  const { code, stdout } = await multihead(['info', 'me/tiny', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    architecture: 'BertForSequenceClassification',
    labels: ['disliked', 'liked'],
  });
});

test('--tokenizer ID fetches no weights', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'hub-'));
  const { code, stderr } = await multihead(
    [
      ...['train', 'text-classification', '--from-scratch', '--config', join(folder, 'config.json')],
      ...['--tokenizer', 'me/tiny', '--train', join(folder, 'train.tsv'), '--max-steps', '1'],
      ...['--output', join(folder, 'trained')],
    ],
    { HF_HUB_CACHE: cache },
  );
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  expect(readdirSync(join(cache, 'models--me--tiny', 'snapshots', 'a'.repeat(40)))).not.toContain('model.safetensors');
});

test('a name that the hub does not know ends with a clear word', async () => {
  const { code, stderr } = await multihead(['predict', 'text-classification', '--model', 'me/else', 'a']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: me\/else \(revision main\): no such folder, and the hub has no such model, or a private one/,
  );
});

test('--data OWNER/NAME fetches the Parquet files of a data set; a path that is not there stays a path', async () => {
  const topics = readFileSync(fileURLToPath(new URL('../../fixtures/data/tables/scores.parquet', import.meta.url)));
  const data = new TestHub({ 'default/train/0000.parquet': topics, 'default/test/0000.parquet': topics }, 'datasets');
  const hubs = { HF_ENDPOINT: await data.start() };
  const model = ['predict', 'text-classification', '--model', folder, '--skip-bad-rows'];
  await BertForSequenceClassification.fromConfig(
    { ...BertConfig.fromJson(toyConfig, 'toy'), id2label: ['a', 'b'] },
    { seed: 1 },
  ).savePretrained(folder);
  const { stdout, code } = await multihead([...model, '--data', 'me/tiny'], hubs);
  expect(code).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).text),
  ).toEqual(['a', 'b', 'c', 'e']);
  expect(data.requests.some((line) => line.includes('default/train'))).toBe(false);
  const asked = data.requests.length;
  expect((await multihead([...model, '--data', 'data/absent.csv'], hubs)).stderr).toBe(
    'error: data/absent.csv: no such file or folder\n',
  );
  expect(data.requests).toHaveLength(asked);
  data.close();
});
