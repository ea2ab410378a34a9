/** @file Model folders that mean harm: endless files, numbers that cannot be meant, names that lead elsewhere. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AutoModelForCausalLM, AutoTokenizer, BertConfig, BertModel, pipeline, UserError } from '../../index.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-model-'));
  cpSync(toyFolder(), folder, { recursive: true });
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9'); // nothing here may ask the hub
});

const write = (name: string, content: string) => writeFileSync(join(folder, name), content);

/** Runs something that must be refused within a second or so of CPU time; a busy machine may take longer. */
async function refused(run: () => Promise<unknown>, message: RegExp): Promise<void> {
  const began = process.cpuUsage();
  const error = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toMatch(message);
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1e6).toBeLessThan(5);
}

describe('config.json', () => {
  test.runIf(process.platform === 'linux')('as a device without an end', async () => {
    const other = join(folder, 'endless');
    mkdirSync(other);
    symlinkSync('/dev/zero', join(other, 'config.json'));
    await refused(() => BertConfig.fromPretrained(other), /config\.json: not a regular file/);
  });

  test.runIf(process.platform !== 'win32')('as a pipe that nobody writes into', async () => {
    const other = join(folder, 'pipe');
    mkdirSync(other);
    execFileSync('mkfifo', [join(other, 'config.json')]);
    await refused(() => BertConfig.fromPretrained(other), /config\.json: not a regular file/);
    await refused(() => AutoModelForCausalLM.fromPretrained(other), /config\.json: not a regular file/);
  });

  test.each([
    ['num_labels', 1e15],
    ['vocab_size', 1e15],
    ['hidden_size', 1.2e13],
    ['num_hidden_layers', 1e9],
    ['max_position_embeddings', 1e14],
  ])('with %s %d', async (name, value) => {
    write('config.json', JSON.stringify({ ...toyConfig, [name]: value }));
    await refused(async () => {
      const { BertForSequenceClassification } = await import('../../index.js');
      return BertForSequenceClassification.fromConfig(await BertConfig.fromPretrained(folder));
    }, /num_labels|vocab_size|memory|num_hidden_layers|hidden_size/);
  });
});

test('a vocab.txt of ten million lines', async () => {
  const other = join(folder, 'vocabulary');
  mkdirSync(other);
  writeFileSync(join(other, 'vocab.txt'), 'token1\n'.repeat(10_000_000));
  await refused(() => AutoTokenizer.fromPretrained(other), /vocab\.txt: has 70000000 bytes; at most/);
});

test('an index of 60,000 shards', async () => {
  const map = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`t${i}`, `model-${i}.safetensors`]));
  write('config.json', JSON.stringify(toyConfig));
  write('model.safetensors.index.json', JSON.stringify({ weight_map: map }));
  await refused(() => BertModel.fromPretrained(folder), /names 60000 shards; at most 4096/);
});

describe('modules.json', () => {
  const modules = (transformer: unknown, pooling: unknown) =>
    write(
      'modules.json',
      JSON.stringify([
        { idx: 0, path: transformer, type: 'sentence_transformers.models.Transformer' },
        { idx: 1, path: pooling, type: 'sentence_transformers.models.Pooling' },
      ]),
    );

  test.each<[string, unknown, unknown]>([
    ['a parent', '../other', '1_Pooling'],
    ['an absolute path', '/etc', '1_Pooling'],
    ['a number', 3, '1_Pooling'],
    ['nothing', undefined, '1_Pooling'],
    ['a pooling elsewhere', '', '../../../1_Pooling'],
    ['a pooling of no name', '', undefined],
  ])('that names %s', async (_, transformer, pooling) => {
    modules(transformer, pooling);
    await refused(() => pipeline('feature-extraction', folder), /modules\.json: names the file .*relative path inside/);
  });

  test('that names a folder which is not there: the hub is not asked for it', async () => {
    modules('0_Transformer', '1_Pooling');
    await refused(() => pipeline('feature-extraction', folder), /names the folder 0_Transformer, which is not there/);
  });
});
