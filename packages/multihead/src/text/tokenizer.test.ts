/** @file Tokens against Hugging Face's tokenizers in Python (fixtures/text, made by bench/peers/tokenizer_fixtures.py). */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AutoTokenizer } from './auto-tokenizer.js';
import { createBackend } from './backend-web.js';
import type { Encoding } from './tokenizer.js';
import type { Truncation } from './truncation.js';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const fixture = <T>(name: string): T => JSON.parse(readFileSync(path(`fixtures/text/${name}`), 'utf8')) as T;

const { lines, ids } = fixture<{ lines: string[]; ids: Record<string, number[][]> }>('lines.json');
const own = await AutoTokenizer.fromPretrained(path('../../examples/data/tokenizer'));
const shared = path('../../../shared/data/models/bert-base-uncased');

const idsOf = (encodings: readonly Encoding[]) => encodings.map((encoding) => encoding.ids);

/** A folder with some files. */
function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

describe('1,000 mixed lines', () => {
  test('ids equal Python’s', async () => {
    expect(lines).toHaveLength(1000);
    expect(idsOf(await own.encodeBatch(lines))).toEqual(ids.own);
  });

  test('offsets equal Python’s, and slice the text in UTF-16', async () => {
    const references = fixture<[number, number][][]>('offsets.json');
    const encodings = await own.encodeBatch(lines);
    for (const [i, line] of lines.entries()) {
      const characters = [...line]; // Python counts code points
      const slices = (encodings[i] as Encoding).offsets.map(([start, end]) => line.slice(start, end));
      const expected = (references[i] as [number, number][]).map(([start, end]) =>
        characters.slice(start, end).join(''),
      );
      expect(slices, JSON.stringify(line)).toEqual(expected);
    }
  });

  test('ids of BERT’s own vocabulary, from vocab.txt and from tokenizer.json', async () => {
    if (!existsSync(shared)) return console.log(`not tested: ${shared} is not there`);
    const fromJson = await AutoTokenizer.fromPretrained(shared);
    const fromVocabulary = await AutoTokenizer.fromPretrained(
      folderOf({ 'vocab.txt': readFileSync(join(shared, 'vocab.txt'), 'utf8') }),
    );
    for (const tokenizer of [fromJson, fromVocabulary]) {
      expect(idsOf(await tokenizer.encodeBatch(lines))).toEqual(ids['bert-base-uncased']);
    }
    const references = readFileSync(join(shared, 'reference-tokens.jsonl'), 'utf8').trim().split('\n');
    const questions = references.map((line) => JSON.parse(line) as { original: string; ids: number[] });
    const texts = questions.map(({ original }) => original);
    const encodings = await fromJson.encodeBatch(texts, { addSpecialTokens: false });
    expect(idsOf(encodings)).toEqual(questions.map(({ ids }) => ids));
  });

  test('the engine for browsers gives the same ids', async () => {
    const web = createBackend(own.files()['tokenizer.json'] as string);
    // The JavaScript library does not part Chinese characters beyond U+FFFF, nor special tokens written out in a text.
    const texts = lines.filter((line) => !/𠀀|\[(MASK|SEP|CLS)\]/u.test(line));
    expect(texts.length).toBeGreaterThan(800);
    const tokens = await web.encode(texts);
    const references = await own.encodeBatch(texts, { addSpecialTokens: false });
    expect(tokens.map((raw) => raw.ids)).toEqual(idsOf(references));
  });
});

describe('pairs and windows', () => {
  test('pairs are cut as Python cuts them', async () => {
    const cases =
      fixture<
        { pair: [string, string]; truncation: Truncation; maxLength: number; ids: number[]; typeIds: number[] }[]
      >('pairs.json');
    expect(cases.length).toBeGreaterThan(80);
    for (const { pair, ids, typeIds, ...options } of cases) {
      expect(await own.encode(pair, options)).toMatchObject({ ids, typeIds });
    }
  });

  test('windows are those of tokenizers 0.22.2', async () => {
    const cases =
      fixture<{ pair: [string, string]; maxLength: number; stride: number; windows: number[][] }[]>('windows.json');
    expect(cases.some(({ windows }) => windows.length > 5)).toBe(true);
    for (const { pair, maxLength, stride, windows } of cases) {
      const [found] = await own.encodeWindows([pair], { maxLength, stride });
      expect(idsOf(found as Encoding[])).toEqual(windows);
    }
  });

  test('windows cover the text, overlap by the stride, and keep to the length', async () => {
    const words = fc.array(fc.constantFrom('order', '订单', 'where', '😀', 'a'), { minLength: 1, maxLength: 80 });
    const property = fc.asyncProperty(
      words,
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 20, max: 60 }),
      async (list, stride, maxLength) => {
        const context = list.join(' ');
        const [found = []] = await own.encodeWindows([['who', context]], { maxLength, stride });
        const places = found.map(({ offsets, sequenceIds }) =>
          offsets.filter((_, i) => sequenceIds[i] === 1).map(String),
        );
        const [whole] = await own.encodeBatch([context], { addSpecialTokens: false });
        expect(new Set(places.flat())).toEqual(new Set(whole?.offsets.map(String)));
        for (const [i, window] of found.entries()) {
          expect(window.ids.length).toBeLessThanOrEqual(maxLength);
          if (i > 0 && stride > 0) expect(places[i]?.slice(0, stride)).toEqual(places[i - 1]?.slice(-stride));
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });
});

describe('a tokenizer’s files', () => {
  test('make the same tokenizer again', async () => {
    const again = await AutoTokenizer.fromPretrained(folderOf(own.files()));
    expect(idsOf(await again.encodeBatch(lines))).toEqual(ids.own);
    expect([again.padId, again.unkId, again.maskId, again.vocabSize]).toEqual([0, 1, 4, own.vocabSize]);
  });

  test('decode gives words back', async () => {
    expect(await own.decode((await own.encode('where is my order')).ids)).toBe('where is my order');
  });
});

describe('errors', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['no tokenizer', {}, /has neither tokenizer\.json nor vocab\.txt/],
    ['an empty vocabulary', { 'vocab.txt': '' }, /vocab\.txt: is empty/],
    ['a vocabulary without [UNK]', { 'vocab.txt': 'a\nb\n' }, /vocab\.txt: lacks \[UNK\], \[CLS\], \[SEP\]/],
    ['malformed JSON', { 'tokenizer.json': '{"model": ' }, /tokenizer\.json:1:11: not valid JSON/],
    [
      'JSON that is no tokenizer',
      { 'tokenizer.json': '{"model": 1}' },
      /tokenizer\.json: is no tokenizer that can be read/,
    ],
  ])('%s', async (_, files, message) => {
    await expect(AutoTokenizer.fromPretrained(folderOf(files))).rejects.toThrow(message);
  });

  test('limits that leave no room', async () => {
    await expect(own.encode('a', { maxLength: 2 })).rejects.toThrow('a maximum length of 2 leaves no room');
    await expect(own.encodeWindows([['a', 'b c d']], { maxLength: 8, stride: 4 })).rejects.toThrow(
      'a stride of 4 tokens does not fit',
    );
    const long = ['where is my order', 'a'] as const;
    await expect(own.encode(long, { maxLength: 6, truncation: 'only_second' })).rejects.toThrow(
      'the second text would have to lose',
    );
  });
});
