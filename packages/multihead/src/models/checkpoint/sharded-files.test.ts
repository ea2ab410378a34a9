import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BertConfig, BertForSequenceClassification } from '../../index.js';
import { toyConfig } from '../../testing/toy.js';
import { safetensorsIndex, shardedFiles } from './sharded-files.js';

const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const index = (...names: unknown[]): void =>
  writeFileSync(
    join(folder, safetensorsIndex),
    JSON.stringify({ weight_map: Object.fromEntries(names.map((name, i) => [`tensor${i}`, name])) }),
  );

test('shards that an index names beside itself, and the index; nothing else', async () => {
  expect(await shardedFiles(folder, safetensorsIndex)).toEqual([]);
  index('a.safetensors', 'b.safetensors', 'a.safetensors', 'notes.txt');
  expect(await shardedFiles(folder, safetensorsIndex)).toEqual(['a.safetensors', 'b.safetensors', safetensorsIndex]);
  for (const name of ['../a.safetensors', '/a.safetensors', 'below/a.safetensors', 7]) {
    index('a.safetensors', name);
    expect(await shardedFiles(folder, safetensorsIndex)).toEqual([safetensorsIndex]);
  }
  writeFileSync(join(folder, safetensorsIndex), '{"weight_map": null}');
  expect(await shardedFiles(folder, safetensorsIndex)).toEqual([safetensorsIndex]);
});

test('savePretrained takes the place of a model in several files', async () => {
  index('model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors');
  for (const name of ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', 'other.safetensors'])
    writeFileSync(join(folder, name), '');
  const model = BertForSequenceClassification.fromConfig(BertConfig.fromJson(toyConfig, 'toy'), { seed: 1 });
  await model.savePretrained(folder);
  await model.dispose();
  expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors', 'other.safetensors']);
});
