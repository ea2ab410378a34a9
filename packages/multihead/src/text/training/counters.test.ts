/** @file Words counted by pieces are the words of the whole text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alignedText } from '../backends/bert/aligned-text.js';
import { normalizeBert } from '../backends/bert/bert-normalizer.js';
import { bertWord } from '../backends/bert/unicode.js';
import { ByteLevelWordCounter } from './byte-level/byte-level-words.js';
import { CharacterCounter } from './character-counts.js';
import { BertWordCounter } from './word-piece/bert-words.js';

const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 3 }),
      fc.string({
        unit: fc.integer({ min: 0x2000, max: 0x30ff }).map((unit) => String.fromCharCode(unit)),
        maxLength: 3,
      }),
      fc.constantFrom(
        ' ',
        '\n',
        '\t',
        '\u00a0',
        '\u3000',
        '\u0301',
        '\u00ad',
        '\u0000',
        '中',
        '。',
        '！',
        'Café',
        "it's",
        'ﬁ',
        '가',
      ),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

/** Counts of words, in no order. */
const sorted = (counts: Iterable<readonly [string, number]>) => [...counts].sort(([a], [b]) => (a < b ? -1 : 1));

const tally = (words: Iterable<string>) => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};

describe('BERT’s words', () => {
  test.each([
    {},
    { lowercase: false },
    { lowercase: false, strip_accents: true },
    { strip_accents: false },
    { handle_chinese_chars: false },
  ])('%j', (settings) => {
    fc.assert(
      fc.property(text, (text) => {
        const counter = new BertWordCounter(settings);
        counter.add(text);
        const whole = normalizeBert(alignedText(text), settings).text.match(bertWord) ?? [];
        expect(sorted(counter.finish().counts)).toEqual(sorted(tally(whole)));
      }),
      { numRuns: 500 },
    );
  });

  test('stretches of data are too long, and take no time', () => {
    const counter = new BertWordCounter({});
    counter.add(`one ${'A'.repeat(5_000_000)} ${'b'.repeat(300)} two`);
    const { counts, tooLong } = counter.finish();
    expect([...counts]).toEqual([
      ['one', 1],
      ['two', 1],
    ]);
    expect(tooLong).toBe(2);
  });
});

describe('GPT-2’s words', () => {
  const wordsOf = (...texts: string[]) => {
    const counter = new ByteLevelWordCounter();
    for (const text of texts) counter.add(text);
    return counter.finish().counts;
  };

  test('are those of OpenAI’s rule', () => {
    expect([...wordsOf("I'll say  it's 2 o'clock!?\n\nNow\u00a0it is")].map(([word]) => word)).toEqual([
      ...['I', "'ll", ' say', ' ', ' it', "'s", ' 2', ' o', "'", 'clock', '!?', '\n', 'Now', '\u00a0', 'it', ' is'],
    ]);
  });

  test('cover the text', () => {
    fc.assert(
      fc.property(text, (text) => {
        const length = [...wordsOf(text)].reduce((sum, [word, count]) => sum + word.length * count, 0);
        expect(length).toBe(text.length);
      }),
    );
  });

  test('are the same where a text is cut before a white space and a word', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom(' ', '\n', '\t'), (before, after, space) => {
        fc.pre(/^\S/u.test(after));
        const [first, second] = [before, `${space}${after}`];
        expect(sorted(wordsOf(first, second))).toEqual(sorted(wordsOf(first + second)));
      }),
      { numRuns: 500 },
    );
  });
});

test('characters are code points; unpaired surrogates are U+FFFD', () => {
  const counter = new CharacterCounter();
  counter.add('a😀\n\ud83d');
  counter.add('\ude00a');
  expect([...counter.finish().counts]).toEqual([
    ['\n', 1],
    ['a', 2],
    ['\ufffd', 2],
    ['😀', 1],
  ]);
});
