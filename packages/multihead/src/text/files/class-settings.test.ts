/** @file tokenizer_config.json and its like, as Transformers obeys them (bench/peers/tokenizer_settings_fixtures.py). */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AutoTokenizer } from '../tokenizer/auto-tokenizer.js';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

interface Case {
  readonly files: Readonly<Record<string, object | string>>;
  readonly size: number;
  readonly ids: number[][];
  readonly pair: number[];
  readonly cut: number[][];
  readonly decoded: string[];
}

const { texts, pair, cases } = JSON.parse(
  readFileSync(join(root, 'packages/multihead/fixtures/text/class-settings.json'), 'utf8'),
) as { texts: string[]; pair: [string, string]; cases: Case[] };

function load(files: Case['files']) {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  for (const [name, content] of Object.entries(files)) {
    const isPath = typeof content === 'string' && content.startsWith('models/');
    const text = isPath ? readFileSync(join(root, content), 'utf8') : content;
    writeFileSync(join(folder, name), typeof text === 'string' ? text : JSON.stringify(text));
  }
  return AutoTokenizer.fromPretrained(folder);
}

const shown = (files: Case['files']) =>
  Object.entries(files)
    .map(([name, content]) => (/vocab|tokenizer\.json/.test(name) ? name : `${name} ${JSON.stringify(content)}`))
    .join(' + ');

/** tokenizers 0.23 writes added tokens normalized, in lower case; Python's 0.22, which the fixture is of, as they were. */
const lowerCase = (text: string) => text.toLowerCase();

test.each(cases.map((one) => [shown(one.files), one] as const))('%s', async (_, { files, ...expected }) => {
  const tokenizer = await load(files);
  const ids = (await tokenizer.encodeBatch(texts)).map((encoding) => encoding.inputIds);
  expect({
    size: tokenizer.vocabSize,
    ids,
    pair: (await tokenizer.encode(pair)).inputIds,
    cut: (await tokenizer.encodeBatch([pair[0], pair], { maxLength: 7 })).map((encoding) => encoding.inputIds),
    decoded: (await Promise.all(ids.map((one) => tokenizer.decode(one)))).map(lowerCase),
  }).toEqual({ ...expected, decoded: expected.decoded.map(lowerCase) });
  // What is saved makes the same tokenizer again.
  const again = await load(tokenizer.files());
  expect((await again.encodeBatch(texts)).map((encoding) => encoding.inputIds)).toEqual(ids);
  expect((await again.encode(pair, { maxLength: 7 })).inputIds).toEqual(expected.cut[1]);
});

describe('refuses', () => {
  const vocabulary = { 'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n' };

  test.each<[object, RegExp]>([
    [
      { tokenizer_class: 'BertJapaneseTokenizer' },
      /tokenizer_class is BertJapaneseTokenizer, which reads vocab\.txt by/,
    ],
    [{ truncation_side: 'up' }, /truncation_side is "up"; expected "left" or "right"/],
    [{ truncation_side: null }, /truncation_side is null; expected "left" or "right"/],
    [{ padding_side: 'up' }, /padding_side is "up"; expected "left" or "right"/],
    [{ padding_side: null }, /padding_side is null; expected "left" or "right"/],
    [{ split_special_tokens: true }, /split_special_tokens is true/],
    [{ additional_special_tokens: 3 }, /additional_special_tokens is 3; expected a list of tokens/],
    [
      { added_tokens_decoder: { 5: 'x', 6: { lstrip: true } } },
      /added_tokens_decoder\.6 is \{"lstrip":true\}; expected/,
    ],
  ])('%j', async (config, message) => {
    await expect(load({ ...vocabulary, 'tokenizer_config.json': config })).rejects.toThrow(message);
  });

  test('numbers in added_tokens.json that are none', async () => {
    await expect(load({ ...vocabulary, 'added_tokens.json': { x: 'y' } })).rejects.toThrow('gives x the number "y"');
  });
});
