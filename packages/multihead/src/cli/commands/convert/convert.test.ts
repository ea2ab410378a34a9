/** @file `multihead convert` and `multihead info` as a user meets them. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';

const fixtures = new URL('../../../../fixtures/', import.meta.url);
const fixture = (name: string) => fileURLToPath(new URL(`llama2c/${name}`, fixtures));
const scratch = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const convert = (checkpoint: string, tokenizer: string, output: string, ...more: string[]) =>
  multihead('convert', 'llama2c', '--checkpoint', checkpoint, '--tokenizer', tokenizer, '--output', output, ...more);

test('a checkpoint becomes a folder, which info describes; a second time only if asked', () => {
  const output = join(scratch, 'tiny');
  const first = convert(fixture('tiny.bin'), fixture('tiny-tokenizer.bin'), output);
  expect([first.stderr, first.status]).toEqual(['', 0]);
  expect(first.stdout).toContain('LlamaForCausalLM, 12,464 parameters, 279 tokens');
  expect(readdirSync(output).sort()).toEqual([
    ...['config.json', 'model.safetensors', 'special_tokens_map.json', 'tokenizer.json', 'tokenizer_config.json'],
  ]);
  const facts = JSON.parse(multihead('info', output, '--json').stdout) as unknown;
  expect(facts).toMatchObject({ architecture: 'LlamaForCausalLM', key_value_heads: 2, parameters: 12464 });
  const second = convert(fixture('tiny.bin'), fixture('tiny-tokenizer.bin'), output);
  expect([second.stderr, second.status]).toEqual([expect.stringContaining('already holds model.safetensors'), 1]);
  expect(convert(fixture('tiny.bin'), fixture('tiny-tokenizer.bin'), output, '--overwrite').status).toBe(0);
});

test('a model in another form is not replaced without a word, and goes as a whole with one', () => {
  const output = join(scratch, 'sharded');
  mkdirSync(output);
  const shard = 'model-00001-of-00001.safetensors';
  const files = {
    'model.safetensors.index.json': `{"weight_map":{"a":"${shard}"}}`,
    'report.json': '{}',
    'vocab.txt': 'a',
  };
  for (const [name, text] of Object.entries({
    ...files,
    [shard]: 'weights',
    'config.json': '{}',
    'thesis.txt': 'mine',
  }))
    writeFileSync(join(output, name), text);
  const refused = convert(fixture('tiny.bin'), fixture('tiny-tokenizer.bin'), output);
  expect([refused.stderr, refused.status]).toEqual([expect.stringContaining('already holds config.json'), 1]);
  expect(readdirSync(output)).toHaveLength(6);
  expect(convert(fixture('tiny.bin'), fixture('tiny-tokenizer.bin'), output, '--overwrite').status).toBe(0);
  expect(readdirSync(output).sort()).toEqual([
    ...['config.json', 'model.safetensors', 'special_tokens_map.json', 'thesis.txt', 'tokenizer.json'],
    'tokenizer_config.json',
  ]);
});

test('a GGUF file becomes a folder; --dtype need not be given', () => {
  const output = join(scratch, 'gguf');
  const checkpoint = fileURLToPath(new URL('gguf/llama.gguf', fixtures));
  const { stdout, stderr, status } = multihead('convert', 'gguf', '--checkpoint', checkpoint, '--output', output);
  expect([stderr, status]).toEqual(['', 0]);
  expect(stdout).toContain('LlamaForCausalLM');
  expect(JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'))).toMatchObject({ dtype: 'float32' });
});

test('a file that is none leaves nothing behind', () => {
  const output = join(scratch, 'none');
  const text = join(scratch, 'text.bin');
  writeFileSync(text, 'no model, though long enough for the header');
  const wrong = convert(text, fixture('tiny-tokenizer.bin'), output);
  expect([wrong.stderr, wrong.status]).toEqual([expect.stringContaining('is no checkpoint of llama2.c'), 1]);
  const mixed = convert(fixture('tiny.bin'), text, output);
  expect([mixed.stderr, mixed.status]).toEqual([expect.stringContaining('Is it a tokenizer of llama2.c'), 1]);
  expect(existsSync(output)).toBe(false);
});
