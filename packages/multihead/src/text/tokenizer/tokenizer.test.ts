/** @file Tokens against Hugging Face's tokenizers in Python (fixtures/text, made by bench/peers/tokenizer_fixtures.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { wordPieceJson } from '../files/word-piece.js';
import { type Encoding, type TextInput, Tokenizer } from './tokenizer.js';
import type { Truncation } from './truncation.js';

const path = (name: string) => fileURLToPath(new URL(`../../../fixtures/text/${name}`, import.meta.url));
const fixture = <T>(name: string): T => JSON.parse(readFileSync(path(name), 'utf8')) as T;

const { lines, ids } = fixture<{ lines: string[]; ids: Record<string, number[][]> }>('lines.json');
const json = wordPieceJson(readFileSync(path('vocab.txt'), 'utf8'), {}, 'vocab.txt');
const tokenizer = new Tokenizer({ json, config: { model_max_length: 128 }, where: 'vocab.txt' });

const idsOf = (encodings: readonly Encoding[]) => encodings.map((encoding) => encoding.inputIds);

describe('1,000 mixed lines', () => {
  test('ids equal Python’s', async () => {
    expect(lines).toHaveLength(1000);
    expect(idsOf(await tokenizer.encodeBatch(lines))).toEqual(ids.own);
  });

  test('offsets equal Python’s, and slice the text in UTF-16', async () => {
    const references = fixture<Record<string, number[][]>>('offsets.json').own as number[][];
    for (const [i, { offsets }] of (await tokenizer.encodeBatch(lines)).entries()) {
      const line = lines[i] as string;
      const characters = [...line]; // Python counts code points
      const flat = references[i] as number[];
      const expected = offsets.map((_, token) => characters.slice(flat[2 * token], flat[2 * token + 1]).join(''));
      expect(
        offsets.map(([start, end]) => line.slice(start, end)),
        JSON.stringify(line),
      ).toEqual(expected);
    }
  });

  test('one by one they are as in a batch', async () => {
    for (const line of lines.slice(0, 50)) {
      const [inBatch] = await tokenizer.encodeBatch([line, 'another']);
      expect(await tokenizer.encode(line)).toEqual(inBatch);
    }
  });
});

describe('pairs and windows', () => {
  test('pairs are cut, or refused, as in Python', async () => {
    type Case = { pair: [string, string]; truncation: Truncation; maxLength: number; ids: number[] | null };
    const cases = fixture<(Case & { typeIds?: number[] })[]>('pairs.json');
    expect(cases.filter((pair) => pair.ids === null).length).toBeGreaterThan(10);
    for (const { pair, ids, typeIds, ...options } of cases) {
      const encoding = tokenizer.encode(pair, options);
      if (ids === null) await expect(encoding).rejects.toBeInstanceOf(UserError);
      else expect(await encoding).toMatchObject({ inputIds: ids, tokenTypeIds: typeIds });
    }
  });

  test('windows are those of tokenizers 0.22.2', async () => {
    type Case = { texts: string[]; truncation: 'only_first' | 'only_second'; maxLength: number; stride: number };
    const cases = fixture<(Case & { windows: number[][] })[]>('windows.json');
    expect(cases.filter(({ windows }) => windows.length > 2).length).toBeGreaterThan(10);
    for (const { texts, windows, ...options } of cases) {
      const input = (texts.length === 1 ? texts[0] : texts) as TextInput;
      expect(idsOf((await tokenizer.encodeWindows([input], options))[0] as Encoding[])).toEqual(windows);
    }
  });

  test('windows cover the text, overlap by the stride, and keep to the length', async () => {
    const words = fc.array(fc.constantFrom('order', '订单', 'where', '😀', 'a'), { minLength: 1, maxLength: 80 });
    const [stride, maxLength] = [fc.integer({ min: 0, max: 10 }), fc.integer({ min: 20, max: 60 })];
    const property = fc.asyncProperty(
      words,
      stride,
      maxLength,
      fc.boolean(),
      async (list, stride, maxLength, alone) => {
        const context = list.join(' ');
        const input: TextInput = alone ? context : ['who', context];
        const [found = []] = await tokenizer.encodeWindows([input], { maxLength, stride });
        const which = alone ? 0 : 1;
        const places = found.map(({ offsets, sequenceIds }) =>
          offsets.filter((_, i) => sequenceIds[i] === which).map(String),
        );
        const whole = await tokenizer.encode(context, { addSpecialTokens: false });
        expect(new Set(places.flat())).toEqual(new Set(whole.offsets.map(String)));
        for (const [i, window] of found.entries()) {
          expect(window.inputIds.length).toBeLessThanOrEqual(maxLength);
          if (i > 0 && stride > 0) expect(places[i]?.slice(0, stride)).toEqual(places[i - 1]?.slice(-stride));
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('every text', () => {
  const piece = fc.oneof(fc.constantFrom(...lines), fc.string({ unit: 'grapheme' }));
  const text = fc.array(piece, { maxLength: 5 }).map((parts) => parts.join(' '));

  test('lists are equally long, places are in order and within the text, special tokens have none', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (first, second) => {
        const { inputIds: ids, ...lists } = await tokenizer.encode([first, second]);
        for (const list of Object.values(lists)) expect(list).toHaveLength(ids.length);
        const { offsets, sequenceIds, specialTokensMask, attentionMask } = lists;
        expect(attentionMask.every((mask) => mask === 1)).toBe(true);
        for (const [token, [start, end]] of offsets.entries()) {
          const which = sequenceIds[token];
          expect(specialTokensMask[token]).toBe(which === null ? 1 : 0);
          if (which === null) expect([start, end]).toEqual([0, 0]);
          else expect(start < end && end <= (which === 0 ? first : second).length).toBe(true);
          const before = token > 0 && sequenceIds[token - 1] === which ? (offsets[token - 1]?.[0] ?? 0) : 0;
          expect(start).toBeGreaterThanOrEqual(before);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the slice of a token encodes to the token again, or to the rest of its character', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (line) => {
        const { offsets, tokens } = await tokenizer.encode(line, { addSpecialTokens: false });
        const slices = offsets.map(([start, end]) => line.slice(start, end));
        const again = await tokenizer.encodeBatch(slices, { addSpecialTokens: false });
        for (const [i, token] of tokens.entries()) {
          if (token === '[UNK]') continue;
          const letters = again[i]?.tokens.map((part) => part.replace(/^##/, '')).join('') ?? '';
          expect(letters.includes(token.replace(/^##/, '')) || letters.includes('[UNK]')).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('plain words come back from decode', async () => {
    const words = fc.array(fc.constantFrom('where', 'is', 'my', 'order', 'quick', 'fox', 'password'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(words, async (list) => {
        const { inputIds: ids } = await tokenizer.encode(list.join(' '));
        expect(await tokenizer.decode(ids)).toBe(list.join(' '));
      }),
      { numRuns: 50 },
    );
    const { inputIds: ids } = await tokenizer.encode('fox');
    expect(await tokenizer.decode(ids, { skipSpecialTokens: false })).toBe('[CLS] fox [SEP]');
  });
});

describe('a tokenizer tells', () => {
  test('its special tokens', () => {
    const { padToken, unkToken, clsToken, sepToken, maskToken } = tokenizer;
    expect([padToken, unkToken, clsToken, sepToken, maskToken]).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);
    const { padId, unkId, clsId, sepId, maskId } = tokenizer;
    expect([padId, unkId, clsId, sepId, maskId]).toEqual([0, 1, 2, 3, 4]);
  });

  test('its vocabulary and length', () => {
    expect(tokenizer.vocabSize).toBe(2000);
    expect(tokenizer.vocabulary.get('[SEP]')).toBe(3);
    expect([tokenizer.tokenToId('[MASK]'), tokenizer.idToToken(4)]).toEqual([4, '[MASK]']);
    expect([tokenizer.tokenToId('no such token'), tokenizer.idToToken(5000)]).toEqual([undefined, undefined]);
    expect(tokenizer.modelMaxLength).toBe(128);
    const unlimited = new Tokenizer({ json, config: { model_max_length: 1e30 }, where: 'vocab.txt' });
    expect(unlimited.modelMaxLength).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('errors', () => {
  const windows = (input: TextInput, options: { maxLength: number; stride: number; truncation?: 'only_second' }) =>
    tokenizer.encodeWindows([input], options);
  const unigram = { model: { type: 'Unigram', unk_id: null, vocab: [['a', 0]], byte_fallback: false } };

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a length for special tokens alone',
      () => tokenizer.encode('a', { maxLength: 2 }),
      'a maximum length of 2 leaves no room for text beside 2 special tokens; a whole number from 3',
    ],
    ['a length that is none', () => tokenizer.encode('a', { maxLength: 7.5 }), 'a maximum length of 7.5'],
    [
      'a stride as long as the room',
      () => windows(['a', 'b c d'], { maxLength: 8, stride: 4 }),
      'a stride of 4 tokens does not fit a window with room for 4 tokens of text',
    ],
    ['a stride that is none', () => windows('a', { maxLength: 8, stride: -1 }), 'stride is -1; a whole number'],
    [
      'a second text that is not there',
      () => windows('a', { maxLength: 8, stride: 1, truncation: 'only_second' }),
      'truncation is only_second, but an input is one text',
    ],
    [
      'an unknown character, for which a Unigram model has no token',
      () => new Tokenizer({ json: unigram, config: {}, where: 'u.json' }).encode('ab'),
      'u.json: a text cannot be encoded: Encountered an unknown token but `unk_id` is missing',
    ],
    [
      'the same, where numbers alone are asked for',
      () => new Tokenizer({ json: unigram, config: {}, where: 'u.json' }).encodeIds(['ab']),
      'u.json: a text cannot be encoded',
    ],
    [
      'a first text that leaves no room for the second',
      () => tokenizer.encode(['where is my order', 'a'], { maxLength: 6, truncation: 'only_second' }),
      'the second text would have to lose',
    ],
  ])('%s', async (_, encode, message) => {
    await expect(encode()).rejects.toThrow(message);
    await expect(encode()).rejects.toBeInstanceOf(UserError);
  });
});
