/** @file Remembered words: the tokens and places of the Rust library, new or remembered; the engine is asked for new words. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Tokenizer } from 'tokenizers';
import { describe, expect, test } from 'vitest';
import type { BertSettings } from '../../files/bert-settings.js';
import { wordPieceJson } from '../../files/word-piece.js';
import { utf16Spans } from '../../tokenizer/utf16.js';
import type { AddedToken, RawTokens, Span, TokenizerJson } from '../backend.js';
import { type Encoders, rememberWords } from './word-cache.js';

const vocabulary = readFileSync(fileURLToPath(new URL('../../../../fixtures/text/vocab.txt', import.meta.url)), 'utf8');
const jsonOf = (settings: BertSettings = {}): TokenizerJson => wordPieceJson(vocabulary, { ...settings }, 'vocab.txt');

/** The Rust library, which is given every text whole, and the texts that it was asked for. */
function wholeTexts(json: TokenizerJson): Encoders & { readonly asked: string[] } {
  const library = Tokenizer.fromString(JSON.stringify(json));
  const asked: string[] = [];
  const encode = async (texts: readonly string[]) => {
    for (const text of texts) asked.push(text);
    const encodings = await library.encodeBatch([...texts], { addSpecialTokens: false });
    return encodings.map((encoding, i): RawTokens => {
      const offsets = utf16Spans(texts[i] as string, encoding.getOffsets() as [number, number][] as Span[]);
      return { ids: encoding.getIds(), tokens: encoding.getTokens(), offsets };
    });
  };
  return { asked, encode, encodeIds: async (texts) => (await encode(texts)).map(({ ids }) => ids) };
}

const variants: BertSettings[] = [
  {},
  { do_lower_case: false },
  { do_lower_case: false, strip_accents: true },
  { strip_accents: false },
  { tokenize_chinese_chars: false },
];

/** Both engines' tokens of texts, twice: new, and remembered. */
async function expectEqual(json: TokenizerJson, texts: readonly string[]) {
  const whole = wholeTexts(json);
  const remembering = rememberWords(json, wholeTexts(json));
  const expected = await whole.encode(texts);
  for (let time = 0; time < 2; time++) {
    const found = await remembering.encode(texts);
    for (const [i, text] of texts.entries()) expect(found[i], JSON.stringify(text)).toEqual(expected[i]);
    expect(await remembering.encodeIds(texts)).toEqual(expected.map(({ ids }) => ids));
  }
}

describe('equals the Rust library', () => {
  const marks = ['\u0301', '\u0323', '\u0338', '\u200d', '\u200b', '\ufeff', '\u0000', '\u000b', '\u000c', '\u001c'];
  const spaces = [' ', '\t', '\n', '\r', '\u00a0', '\u0085', '\u2028', '\u3000'];
  const letters = [
    'a',
    'The',
    'é',
    'e\u0301',
    'İ',
    'Σ',
    'ß',
    'ﬁ',
    '我',
    '𠀀',
    '豈',
    '가',
    '\u1100\u1161',
    '😀',
    '\ud800',
  ];
  const others = ['.', '-', "'", '=', '«', '、', '[MASK]', '[MA', 'SK]', 'x'.repeat(70), 'y'.repeat(101)];
  const part = fc.constantFrom(...marks, ...spaces, ...letters, ...others);
  const texts = fc.array(
    fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
    { maxLength: 30 },
  );

  test.each(variants)('on any text, under %j', async (settings) => {
    await fc.assert(
      fc.asyncProperty(texts, (some) => expectEqual(jsonOf(settings), some)),
      { numRuns: 20 },
    );
  });

  test.each(variants.slice(0, 2))(
    'on characters of all kinds (each of ASCII, every 37th of planes 0 to 3), under %j',
    async (settings) => {
      const every = Array.from({ length: 0x33480 }, (_, code) => code)
        .filter((code) => (code < 0xd800 || code > 0xdfff) && (code < 0x80 || code % 37 === 0))
        .map((code) => String.fromCodePoint(code))
        .map((character) => `a${character}\u0301b`);
      const lines = Array.from({ length: Math.ceil(every.length / 256) }, (_, i) =>
        every.slice(i * 256, i * 256 + 256),
      );
      const json = jsonOf(settings);
      const texts = lines.map((line) => line.join(' '));
      const [expected, found] = [
        await wholeTexts(json).encode(texts),
        await rememberWords(json, wholeTexts(json)).encode(texts),
      ];
      for (const [i, raw] of expected.entries()) {
        expect(found[i]?.ids, `line ${i}`).toEqual(raw.ids);
        expect(JSON.stringify(found[i]?.offsets), `line ${i}`).toBe(JSON.stringify(raw.offsets));
      }
    },
  );

  test('with added tokens of several words, that take spaces, or that are looked for in normalized text', async () => {
    const plain = jsonOf();
    const kind = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
    const given: AddedToken[] = [
      { ...kind, id: 2000, content: '<a b>', lstrip: true, rstrip: true },
      { ...kind, id: 2001, content: 'qq', single_word: true },
    ];
    const normalized = { ...kind, id: 2002, content: 'The-B C', normalized: true };
    const some = ['a  <a b>  c', '<a b', 'qq qqq, qq', 'the-b\tc', 'the-b c', 'a'];
    for (const more of [given, [...given, normalized]]) {
      await expectEqual({ ...plain, added_tokens: [...(plain.added_tokens ?? []), ...more] }, some);
    }
  });
});

describe('what is remembered', () => {
  test('a word is asked for once, in one batch or in two; a long one each time', async () => {
    const engine = wholeTexts(jsonOf());
    const { encode } = rememberWords(jsonOf(), engine);
    const long = 'z'.repeat(65);
    await encode(['the end, the end', `the ${long}`]);
    expect(engine.asked).toEqual(['the', 'end', ',', long]);
    await encode([`${long} end`]);
    expect(engine.asked.slice(4)).toEqual([long]);
  });

  test('is bounded: what came long ago is asked for again, what keeps coming is not', async () => {
    const asked: string[] = [];
    const encode: Encoders['encode'] = async (texts) => {
      for (const text of texts) asked.push(text);
      return texts.map((text) => ({ ids: [0], tokens: [text], offsets: [[0, text.length]] }));
    };
    const { encodeIds } = rememberWords(jsonOf(), { encode, encodeIds: () => Promise.reject(new Error('not asked')) });
    await encodeIds(['once often']);
    for (let from = 0; from < 80_000; from += 10_000) {
      await encodeIds([`often ${Array.from({ length: 10_000 }, (_, i) => `w${from + i}`).join(' ')}`]);
    }
    const before = asked.length;
    await encodeIds(['once often']);
    expect(asked.slice(before)).toEqual(['once']);
  });

  test('nothing of a batch that failed', async () => {
    const engine = wholeTexts(jsonOf());
    let fails = true;
    const encode: Encoders['encode'] = (texts) => (fails ? Promise.reject(new Error('no')) : engine.encode(texts));
    const remembering = rememberWords(jsonOf(), { encode, encodeIds: engine.encodeIds });
    await expect(remembering.encode(['the'])).rejects.toThrow('no');
    fails = false;
    expect((await remembering.encode(['the']))[0]).toEqual((await engine.encode(['the']))[0]);
  });
});
