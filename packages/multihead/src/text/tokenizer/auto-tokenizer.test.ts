/** @file Tokenizers from folders, and folders from tokenizers. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { AutoTokenizer } from './auto-tokenizer.js';
import type { Encoding } from './tokenizer.js';

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const fixture = <T>(name: string): T => JSON.parse(readFileSync(path(`fixtures/text/${name}`), 'utf8')) as T;
const models = path('../../../../shared/data/models');
const vocabulary = readFileSync(path('fixtures/text/vocab.txt'), 'utf8');

const { lines, ids } = fixture<{ lines: string[]; ids: Record<string, number[][]> }>('lines.json');
const idsOf = (encodings: readonly Encoding[]) => encodings.map((encoding) => encoding.inputIds);

/** The tokenizer of a folder with these files. */
const load = (files: Record<string, string>) => {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return AutoTokenizer.fromPretrained(folder);
};
const read = (...names: string[]) => readFileSync(join(models, ...names), 'utf8');

describe('settings of tokenizer_config.json', () => {
  const { own, ...references } = fixture<{
    lines: number;
    own: { settings: Record<string, unknown>; ids: number[][] }[];
    'bert-base-chinese': number[][];
  }>('settings.json');
  const some = lines.slice(0, references.lines);

  test.each(own)('$settings shape the tokenizer of vocab.txt as in Python', async ({ settings, ids }) => {
    const config = JSON.stringify(settings);
    const tokenizer = await load({ 'vocab.txt': vocabulary, 'tokenizer_config.json': config });
    expect(idsOf(await tokenizer.encodeBatch(some))).toEqual(ids);
    // They win over what tokenizer.json says, also in Python.
    const other = (await load({ 'vocab.txt': vocabulary })).files()['tokenizer.json'] as string;
    const fromJson = await load({ 'tokenizer.json': other, 'tokenizer_config.json': config });
    expect(idsOf(await fromJson.encodeBatch(some))).toEqual(ids);
  });

  test('for a tokenizer class that reads tokenizer.json alone, they do not count', async () => {
    const other = (await load({ 'vocab.txt': vocabulary })).files()['tokenizer.json'] as string;
    const config = JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast', do_lower_case: false });
    const tokenizer = await load({ 'tokenizer.json': other, 'tokenizer_config.json': config });
    expect((await tokenizer.encode('The')).tokens).toEqual((await tokenizer.encode('the')).tokens);
  });

  test('BERT’s Chinese vocabulary', async () => {
    if (!existsSync(join(models, 'bert-base-chinese'))) return console.log(`not tested: ${models} is not there`);
    const config = JSON.stringify({ do_lower_case: false });
    const tokenizer = await load({
      'vocab.txt': read('bert-base-chinese', 'vocab.txt'),
      'tokenizer_config.json': config,
    });
    expect(idsOf(await tokenizer.encodeBatch(some))).toEqual(references['bert-base-chinese']);
  });

  test('BERT’s own tokenizer.json and vocab.txt make the same tokenizer, which is Python’s', async () => {
    if (!existsSync(join(models, 'bert-base-uncased'))) return console.log(`not tested: ${models} is not there`);
    const fromJson = await load({ 'tokenizer.json': read('bert-base-uncased', 'tokenizer.json') });
    const fromVocabulary = await load({ 'vocab.txt': read('bert-base-uncased', 'vocab.txt') });
    for (const tokenizer of [fromJson, fromVocabulary]) {
      expect(idsOf(await tokenizer.encodeBatch(lines))).toEqual(ids['bert-base-uncased']);
    }
    const made = JSON.parse(fromVocabulary.files()['tokenizer.json'] as string) as Record<string, unknown>;
    expect(made).toEqual(JSON.parse(read('bert-base-uncased', 'tokenizer.json')));
    const references = read('bert-base-uncased', 'reference-tokens.jsonl').trim().split('\n');
    const questions = references.map((line) => JSON.parse(line) as { original: string; ids: number[] });
    const texts = questions.map(({ original }) => original);
    const encodings = await fromJson.encodeBatch(texts, { addSpecialTokens: false });
    expect(idsOf(encodings)).toEqual(questions.map(({ ids }) => ids));
    expect(texts.length).toBe(1510);
  });
});

describe('a tokenizer’s files', () => {
  test('make the same tokenizer again, together, and each alone with the configuration', async () => {
    const config = { do_lower_case: false, model_max_length: 128, mask_token: '[MASK]' };
    const tokenizer = await load({ 'vocab.txt': vocabulary, 'tokenizer_config.json': JSON.stringify(config) });
    const files = tokenizer.files();
    expect(Object.keys(files).sort()).toEqual([
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.txt',
    ]);
    expect(files['vocab.txt']).toBe(vocabulary);
    const expected = idsOf(await tokenizer.encodeBatch(lines));
    for (const leaveOut of ['', 'vocab.txt', 'tokenizer.json']) {
      const again = await load(Object.fromEntries(Object.entries(files).filter(([name]) => name !== leaveOut)));
      expect(idsOf(await again.encodeBatch(lines))).toEqual(expected);
      expect(again.modelMaxLength).toBe(128);
    }
  });

  test('say what Python would else assume: lower case', async () => {
    const cased = await load({ 'vocab.txt': vocabulary, 'tokenizer_config.json': '{"do_lower_case": false}' });
    const alone = await load({ 'tokenizer.json': cased.files()['tokenizer.json'] as string });
    expect(JSON.parse(alone.files()['tokenizer_config.json'] as string)).toMatchObject({
      tokenizer_class: 'BertTokenizer',
      do_lower_case: false,
      strip_accents: null,
      tokenize_chinese_chars: true,
      mask_token: '[MASK]',
    });
  });

  test('hold no vocab.txt where it could not say the numbers', async () => {
    const json = JSON.parse((await load({ 'vocab.txt': vocabulary })).files()['tokenizer.json'] as string);
    json.model.vocab.gap = 9999;
    const tokenizer = await load({ 'tokenizer.json': JSON.stringify(json) });
    expect(tokenizer.files()).not.toHaveProperty('vocab.txt');
  });
});

describe('special tokens', () => {
  test('of special_tokens_map.json count where tokenizer_config.json names none', async () => {
    const tokens = vocabulary.replace('[MASK]', '<mask>');
    const map = '{"mask_token": {"content": "<mask>"}}';
    const tokenizer = await load({ 'vocab.txt': tokens, 'special_tokens_map.json': map });
    expect([tokenizer.maskToken, tokenizer.maskId]).toEqual(['<mask>', 4]);
    expect((await tokenizer.encode('a <mask> b')).inputIds.filter((id) => id === 4)).toHaveLength(1);
  });

  test('may have other names than BERT’s', async () => {
    const config = '{"cls_token": "<s>", "sep_token": "</s>"}';
    const tokens = vocabulary.replace('[CLS]', '<s>').replace('[SEP]', '</s>');
    const tokenizer = await load({ 'vocab.txt': tokens, 'tokenizer_config.json': config });
    expect((await tokenizer.encode('a')).tokens).toEqual(['<s>', 'a', '</s>']);
    await expect(load({ 'vocab.txt': vocabulary, 'tokenizer_config.json': config })).rejects.toThrow('lacks <s>, </s>');
  });
});

describe('errors', () => {
  const wordPiece = (model: object) => JSON.stringify({ model: { type: 'WordPiece', unk_token: '[UNK]', ...model } });

  test.each<[string, Record<string, string>, RegExp]>([
    ['no tokenizer', {}, /multihead-\w+: has neither tokenizer\.json nor vocab\.txt/],
    ['an empty vocabulary', { 'vocab.txt': '' }, /vocab\.txt: is empty; a token a line was expected/],
    ['a vocabulary without [UNK]', { 'vocab.txt': 'a\nb\n' }, /vocab\.txt: lacks \[UNK\], \[CLS\], \[SEP\]/],
    ['malformed JSON', { 'tokenizer.json': '{\n"model": ' }, /tokenizer\.json:2:10: not valid JSON/],
    ['a malformed configuration', { 'vocab.txt': vocabulary, 'tokenizer_config.json': '[]' }, /holds no JSON object/],
    ['JSON that is no tokenizer', { 'tokenizer.json': '{"model": 1}' }, /it has no object "model"/],
    ['a model of no known type', { 'tokenizer.json': '{"model": {"vocab": {"a": 0}}}' }, /is no tokenizer that can be/],
    ['an empty vocabulary in JSON', { 'tokenizer.json': wordPiece({ vocab: {} }) }, /model\.vocab is empty or missing/],
    ['no [UNK] in JSON', { 'tokenizer.json': wordPiece({ vocab: { a: 0 } }) }, /model\.unk_token is "\[UNK\]", which/],
  ])('%s', async (_, files, message) => {
    const loading = load(files);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toBeInstanceOf(UserError);
  });
});

describe('decoding', () => {
  const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'i', "'", 'm', 'don', 't', ',', 'ok', '.', '!'];
  const bert = { 'vocab.txt': `${vocabulary.join('\n')}\n` };
  const text = "I'm ok, don't! .";

  // Transformers 5.15.1: BertTokenizer of this vocabulary.
  test.each([
    [{}, "i ' m ok, don ' t!."],
    [{ clean_up_tokenization_spaces: true }, "i'm ok, don't!."],
    [{ clean_up_tokenization_spaces: false }, "i ' m ok, don ' t!."],
  ])('takes spaces before punctuation away as in Python: %j', async (config, decoded) => {
    const tokenizer = await load({ ...bert, 'tokenizer_config.json': JSON.stringify(config) });
    const { inputIds: ids } = await tokenizer.encode(text);
    expect(await tokenizer.decode(ids)).toBe(decoded);
    expect(await tokenizer.decode(ids, { cleanUpTokenizationSpaces: true })).toBe("i'm ok, don't!.");
    expect(await tokenizer.decode(ids, { cleanUpTokenizationSpaces: false })).toBe("i ' m ok, don ' t!.");
  });

  test('added tokens come back as they are written, though they are looked for in lower case', async () => {
    const tokenizer = await load({ ...bert, 'added_tokens.json': JSON.stringify({ '[NEW]': 14, '<Extra>': 15 }) });
    const { inputIds: ids } = await tokenizer.encode('ok [new] [NEW] <EXTRA>');
    expect(ids).toEqual([2, 11, 14, 14, 15, 3]);
    expect([tokenizer.idToToken(14), tokenizer.idToToken(15)]).toEqual(['[NEW]', '<Extra>']);
    expect(await tokenizer.decode(ids)).toBe('ok [NEW] [NEW] <Extra>');
  });
});
