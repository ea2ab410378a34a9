/** @file Trained tokenizers against Hugging Face's in Python (fixtures/text/training.json), and their properties. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import type { TokenizerJson } from '../backends/backend.js';
import { createBackend as createWeb } from '../backends/web.js';
import { AutoTokenizer } from '../tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { TokenizerTrainingEvent } from './events.js';
import type { TokenizerTrainingOptions, TokenizerType } from './options.js';
import { trainTokenizer } from './train-tokenizer.js';

const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../../fixtures/text/${name}`, import.meta.url)), 'utf8')) as T;
const { lines } = fixture<{ lines: string[] }>('lines.json');
const python = fixture<{
  wordpiece: { settings: Partial<TokenizerTrainingOptions>; tokens: string[] }[];
  bpe: { vocabSize: number; tokens: string[]; merges: [string, string][] };
  ids: Record<TokenizerType, number[][]>;
}>('training.json');

const jsonOf = (tokenizer: Tokenizer) =>
  JSON.parse(tokenizer.files()['tokenizer.json'] as string) as TokenizerJson & {
    model: { vocab: Record<string, number>; merges?: [string, string][] };
  };
const tokensOf = (tokenizer: Tokenizer) =>
  [...tokenizer.vocabulary].sort(([, a], [, b]) => a - b).map(([token]) => token);

const settingsOf: Record<TokenizerType, Partial<TokenizerTrainingOptions>> = {
  wordpiece: python.wordpiece[0]?.settings as Partial<TokenizerTrainingOptions>,
  bpe: { vocabSize: python.bpe.vocabSize },
  char: {},
};
const types = ['wordpiece', 'bpe', 'char'] as const;

/** Any text: all planes, control characters, unpaired surrogates, and what is common. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 3 }),
      fc.constantFrom(' ', '\n', '\r\n', '  ', '\u00a0', "it's", '中文', 'é', 'e\u0301', 'İ', '\u0000', '\ufeff', '😀'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('as Hugging Face’s trainers', () => {
  test.each(python.wordpiece)('WordPiece: $settings', async ({ settings, tokens }) => {
    const tokenizer = await trainTokenizer({ type: 'wordpiece', texts: lines, ...settings });
    expect(tokensOf(tokenizer)).toEqual(tokens);
  });

  test('byte-level BPE: tokens and merges', async () => {
    const tokenizer = await trainTokenizer({ type: 'bpe', texts: lines, vocabSize: python.bpe.vocabSize });
    const { vocab, merges } = jsonOf(tokenizer).model;
    expect(Object.keys(vocab).sort((a, b) => (vocab[a] as number) - (vocab[b] as number))).toEqual(python.bpe.tokens);
    expect(merges).toEqual(python.bpe.merges);
  });

  test.each(types)('what is trained, saved and loaded encodes as in Python, here and in browsers: %s', async (type) => {
    const tokenizer = await trainTokenizer({ type, texts: lines, ...settingsOf[type] });
    const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
    for (const [name, content] of Object.entries(tokenizer.files())) writeFileSync(join(folder, name), content);
    const loaded = await AutoTokenizer.fromPretrained(folder);
    const some = lines.slice(0, python.ids[type].length);
    const encodings = await loaded.encodeBatch(some, { addSpecialTokens: false });
    expect(encodings.map(({ inputIds: ids }) => ids)).toEqual(python.ids[type]);
    const inBrowsers = await createWeb(jsonOf(loaded)).encode(some);
    expect(inBrowsers.map(({ ids }) => ids)).toEqual(python.ids[type]);
    expect(loaded.files()).toEqual(tokenizer.files());
  });
});

describe('texts come back', () => {
  test('byte-level BPE: any text, unpaired surrogates as U+FFFD', async () => {
    const tokenizer = await trainTokenizer({ type: 'bpe', texts: lines, vocabSize: 1000 });
    const web = createWeb(jsonOf(tokenizer));
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const { inputIds: ids } = await tokenizer.encode(text);
        expect(await tokenizer.decode(ids)).toBe(wellFormed(text));
        const [raw] = await web.encode([wellFormed(text)]);
        expect(await web.decode(raw?.ids ?? [], true)).toBe(wellFormed(text));
      }),
      { numRuns: 300 },
    );
  });

  test('byte-level BPE: the same tokens in browsers, also around spaces that JavaScript sees otherwise', async () => {
    const tokenizer = await trainTokenizer({ type: 'bpe', texts: lines, vocabSize: 1000 });
    const web = createWeb(jsonOf(tokenizer));
    const spaces = fc.constantFrom('\ufeff', '\u0085', '\u00a0', '\u2028', ' ', '\n', 'The', "'s");
    // Only characters that all engines know: what Unicode got later is a letter to one and none to another.
    const part = fc.oneof(spaces, fc.string({ unit: 'grapheme', maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const [raw] = await web.encode([parts.join('')]);
        expect(raw?.ids).toEqual((await tokenizer.encode(parts.join(''))).inputIds);
      }),
      { numRuns: 300 },
    );
  });

  test('characters: any text of known ones, each a token', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText.filter((text) => text !== ''),
        async (text) => {
          const tokenizer = await trainTokenizer({ type: 'char', texts: [text] });
          const { inputIds: ids } = await tokenizer.encode(text);
          expect(ids).toHaveLength([...text].length);
          expect(await tokenizer.decode(ids)).toBe(wellFormed(text));
          const web = createWeb(jsonOf(tokenizer));
          const [raw] = await web.encode([wellFormed(text)]);
          expect(raw?.ids).toEqual(ids);
          expect(await web.decode(ids, true)).toBe(wellFormed(text));
        },
      ),
      { numRuns: 100 },
    );
  });

  test('characters that were not in the texts are [UNK], which decoding leaves out', async () => {
    const tokenizer = await trainTokenizer({ type: 'char', texts: ['First Citizen:\nSpeak, speak.\n\n', 'né'] });
    const { inputIds: ids, tokens } = await tokenizer.encode('Speak\n\té?');
    expect(tokens).toEqual(['S', 'p', 'e', 'a', 'k', '\n', '[UNK]', 'é', '[UNK]']);
    expect(await tokenizer.decode(ids)).toBe('Speak\né');
    expect(tokenizer.unkToken).toBe('[UNK]');
  });
});

describe('the same texts give the same bytes', () => {
  test.each(types)('also when they come as a stream: %s', async (type) => {
    async function* stream() {
      for (const line of lines) yield line;
    }
    const train = async (texts: TokenizerTrainingOptions['texts']) =>
      (await trainTokenizer({ type, texts, ...settingsOf[type] })).files();
    expect(await train(stream())).toEqual(await train(lines));
  });

  test.each(types)('wherever a text is cut before a white space and a word: %s', async (type) => {
    const text = lines.join('\n');
    const parts = text.split(/(?=[ \n]\S)/u);
    expect(parts.length).toBeGreaterThan(1000);
    const train = async (texts: string[]) => (await trainTokenizer({ type, texts, ...settingsOf[type] })).files();
    expect(await train(parts)).toEqual(await train([text]));
  });
});

describe('special tokens', () => {
  test('have the first numbers, are found in texts, and are named in the files', async () => {
    const bert = await trainTokenizer({ type: 'wordpiece', texts: ['a good film'], vocabSize: 40 });
    expect([bert.padId, bert.unkId, bert.clsId, bert.sepId, bert.maskId]).toEqual([0, 1, 2, 3, 4]);
    expect((await bert.encode('good [MASK]', { addSpecialTokens: true })).inputIds.slice(-2)).toEqual([4, 3]);
    const gpt = await trainTokenizer({ type: 'bpe', texts: ['a good film'], vocabSize: 300 });
    expect((await gpt.encode('<|endoftext|>')).inputIds).toEqual([0]);
    expect(JSON.parse(gpt.files()['tokenizer_config.json'] as string)).toMatchObject({
      bos_token: '<|endoftext|>',
      eos_token: '<|endoftext|>',
      clean_up_tokenization_spaces: false,
    });
  });

  test('can be others', async () => {
    const more = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '[Name]'];
    const bert = await trainTokenizer({
      type: 'wordpiece',
      texts: ['a good film'],
      vocabSize: 40,
      specialTokens: more,
    });
    expect((await bert.encode('a [Name]')).tokens).toEqual(['[CLS]', 'a', '[Name]', '[SEP]']);
    const gpt = await trainTokenizer({ type: 'bpe', texts: ['a good film'], vocabSize: 300, specialTokens: [] });
    expect(gpt.vocabulary.get('!')).toBe(0);
  });
});

test('progress is told', async () => {
  const events: TokenizerTrainingEvent[] = [];
  const text = lines.join(' ');
  const texts = Array.from({ length: 3 }, () => text.repeat(Math.ceil(4e5 / text.length)));
  const tokenizer = await trainTokenizer({
    type: 'bpe',
    texts,
    onProgress: (event) => events.push(event),
    vocabSize: 900,
  });
  const read = { texts: 3, characters: texts.join('').length };
  expect(events.filter(({ type }) => type === 'reading').length).toBeGreaterThan(0);
  expect(events.find(({ type }) => type === 'read')).toMatchObject({ ...read, tooLong: 0, forgotten: 0 });
  expect(events.at(-1)).toMatchObject({ type: 'merging', vocabSize: 900 });
  expect(tokenizer.vocabSize).toBe(900);
});

describe('what cannot be is refused', () => {
  const refused = async (options: Partial<TokenizerTrainingOptions>, message: string) => {
    const training = trainTokenizer({ type: 'wordpiece', texts: ['some text'], ...options });
    await expect(training).rejects.toBeInstanceOf(UserError);
    await expect(training).rejects.toThrow(message);
  };

  test('texts without words', async () => {
    for (const type of types) await refused({ type, texts: [] }, 'the texts have no words');
    await refused({ texts: ['', ' \n', '\u0000'] }, 'the texts have no words');
    await refused({ texts: 'one string' }, 'texts is one string; a list');
  });

  test('a vocabulary too small for the characters', async () => {
    await refused({ vocabSize: 10 }, 'no room for 5 special tokens and 6 characters');
    await refused({ vocabSize: 10 }, 'to more than 16, or lower');
    await refused({ type: 'bpe', vocabSize: 256 }, 'no room for 256 bytes and 1 special tokens');
    await refused({ type: 'char', vocabSize: 8 }, 'no room for 7 characters and 2 special tokens. Raise');
    const tokenizer = await trainTokenizer({ type: 'char', texts: ['some text'], vocabSize: 8, limitAlphabet: 2 });
    expect(tokensOf(tokenizer)).toEqual(['[UNK]', '<|endoftext|>', 'e', 't']);
  });

  test('options that are wrong, or of another type', async () => {
    await refused({ type: 'unigram' as TokenizerType }, 'type is "unigram"; expected wordpiece, bpe or char');
    await refused({ vocabSize: 1.5 }, 'vocabSize is 1.5; a whole number from 1');
    await refused({ minFrequency: 0 }, 'minFrequency is 0');
    await refused({ type: 'bpe', lowercase: true }, 'lowercase means nothing to a tokenizer of type bpe');
    await refused({ type: 'char', minFrequency: 2 }, 'minFrequency means nothing');
    await refused({ specialTokens: ['[UNK]', '[PAD]'] }, 'specialTokens lacks [CLS], [SEP]');
    await refused({ type: 'bpe', specialTokens: ['a', 'a'] }, 'specialTokens has "a"');
    await refused({ type: 'bpe', specialTokens: ['a\n'] }, 'specialTokens has "a\\n"');
  });
});

/** Unpaired surrogates as U+FFFD, which is how a text leaves JavaScript. */
const wellFormed = (text: string) => new TextDecoder().decode(new TextEncoder().encode(`.${text}`)).slice(1);
