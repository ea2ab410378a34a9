import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readSentenceSettings } from './sentence-settings.js';

const modules = (...types: string[]) => types.map((type, i) => ({ type, path: i === 0 ? '' : `${i}_${type}` }));
const usual = modules('sentence_transformers.models.Transformer', 'sentence_transformers.models.Pooling');

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function folderWith(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}
const pooling = '1_sentence_transformers.models.Pooling/config.json';

test('reads what sentence-transformers wrote', async () => {
  const folder = fileURLToPath(new URL('../../../fixtures/sentence/model', import.meta.url));
  expect(await readSentenceSettings(folder)).toEqual({
    modelFolder: folder,
    pooling: 'mean',
    normalize: true,
    comparison: 'cosine',
    maxSeqLength: 12,
    doLowerCase: true,
    prompts: { query: '', document: '' },
    prompt: '',
  });
});

test('a folder without modules.json is none of theirs', async () => {
  expect(await readSentenceSettings(folderWith({ 'config.json': {} }))).toBeUndefined();
});

test('what is not said is as in Python: mean, not normalized, by the cosine, no limit, no prompt', async () => {
  const folder = folderWith({ 'modules.json': usual });
  expect(await readSentenceSettings(folder)).toEqual({
    modelFolder: folder,
    pooling: 'mean',
    normalize: false,
    comparison: 'cosine',
    maxSeqLength: undefined,
    doLowerCase: false,
    prompts: {},
    prompt: '',
  });
});

test.each([
  [24, 24],
  [1e30, undefined],
])('the length is that of the tokenizer, where version 6 keeps it: %d', async (length, expected) => {
  const given = { 'modules.json': usual, 'tokenizer_config.json': { model_max_length: length } };
  expect((await readSentenceSettings(folderWith(given)))?.maxSeqLength).toBe(expected);
  const both = { ...given, 'sentence_bert_config.json': { max_seq_length: 8 } };
  expect((await readSentenceSettings(folderWith(both)))?.maxSeqLength).toBe(8);
});

test('old models have their weights in a folder of their own', async () => {
  const old = [{ type: 'sentence_transformers.models.Transformer', path: '0_Transformer' }, ...usual.slice(1)];
  const folder = folderWith({ 'modules.json': old, '0_Transformer/sentence_bert_config.json': { max_seq_length: 64 } });
  const settings = await readSentenceSettings(folder);
  expect(settings).toMatchObject({ modelFolder: join(folder, '0_Transformer'), maxSeqLength: 64 });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['broken JSON', { 'modules.json': '[{"type"' }, /modules\.json:1:\d+: not valid JSON/],
  [
    'a cross-encoder',
    { 'modules.json': [{ idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' }] },
    /has a Transformer alone, as the folder of a cross-encoder.* use it with pipeline\('text-ranking'\)/,
  ],
  ['no list of modules', { 'modules.json': {} }, /modules\.json: its modules are none/],
  [
    'a module that is not known',
    { 'modules.json': [...usual, { type: 'sentence_transformers.models.Dense', path: '2_Dense' }] },
    /modules\.json: its modules are Transformer, Pooling, Dense; Multihead computes .* take modules\.json out/,
  ],
  [
    'another pooling',
    { 'modules.json': usual, [pooling]: { pooling_mode: 'weightedmean' } },
    /pools by weightedmean; Multihead/,
  ],
  [
    'several poolings',
    { 'modules.json': usual, [pooling]: { pooling_mode_cls_token: true, pooling_mode_max_tokens: true } },
    /pools by cls and max; Multihead pools by one of mean, cls, max, lasttoken/,
  ],
  [
    'another comparison',
    { 'modules.json': usual, 'config_sentence_transformers.json': { similarity_fn_name: 'jaccard' } },
    /similarity_fn_name is "jaccard"; expected one of cosine, dot, euclidean, manhattan/,
  ],
  ['no object', { 'modules.json': usual, [pooling]: [] }, /config\.json: holds no JSON object/],
  [
    'an impossible length',
    { 'modules.json': usual, 'sentence_bert_config.json': { max_seq_length: 0 } },
    /max_seq_length is 0; expected a whole number from 1, or null/,
  ],
  [
    'a prompt that is not there',
    { 'modules.json': usual, 'config_sentence_transformers.json': { default_prompt_name: 'query' } },
    /default_prompt_name is "query", which is none of its prompts/,
  ],
  [
    'prompts that are no texts',
    { 'modules.json': usual, 'config_sentence_transformers.json': { prompts: { query: 1 } } },
    /prompts is {"query":1}; expected an object of texts/,
  ],
  [
    'a prompt that is not pooled over',
    {
      'modules.json': usual,
      [pooling]: { include_prompt: false },
      'config_sentence_transformers.json': { default_prompt_name: 'q', prompts: { q: 'query: ' } },
    },
    /include_prompt is false/,
  ],
])('refuses %s', async (_, files, message) => {
  await expect(readSentenceSettings(folderWith(files))).rejects.toThrow(message);
});
