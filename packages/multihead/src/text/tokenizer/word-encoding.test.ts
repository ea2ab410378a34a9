/** @file Sentences of words. Their tokens against Python's: tasks/token-classification/token-classification.test.ts. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { AutoTokenizer } from './auto-tokenizer.js';
import { needsSpace } from './word-encoding.js';

const fixtures = new URL('../../../fixtures/token-classification/', import.meta.url);
const { sentences } = JSON.parse(readFileSync(new URL('expected.json', fixtures), 'utf8')) as {
  sentences: { tokens: string[] }[];
};

test.each(['bert', 'roberta'])(
  '%s: windows hold the words in their order, with each token in its word',
  async (name) => {
    const tokenizer = await AutoTokenizer.fromPretrained(fileURLToPath(new URL(name, fixtures)));
    const encoded = await tokenizer.encodeWords(
      sentences.map(({ tokens }) => tokens),
      { maxLength: 12, stride: 4 },
    );
    for (const [i, windows] of encoded.entries()) {
      const { tokens: words } = sentences[i] as (typeof sentences)[number];
      const seen = new Set<number>();
      for (const [k, { inputIds: ids, tokens, offsets, wordIds, specialTokensMask }] of windows.entries()) {
        expect([tokens.length, offsets.length, wordIds.length]).toEqual([ids.length, ids.length, ids.length]);
        expect(wordIds.map((word) => Number(word === null))).toEqual(specialTokensMask);
        for (const [token, word] of wordIds.entries()) {
          if (word === null) continue;
          seen.add(word);
          const [start, end] = offsets[token] as readonly [number, number];
          expect(end).toBeLessThanOrEqual((words[word] as string).length);
          // The first token begins the word, unless the window does within it.
          if (wordIds[token - 1] !== word && k === 0) expect(start).toBe(0);
        }
        const before = windows[k - 1];
        if (before) expect(ids.slice(1, 5)).toEqual(before.inputIds.slice(-5, -1));
      }
      expect([...seen].sort((a, b) => a - b)).toEqual([...words.keys()]);
    }
    expect(await tokenizer.encodeWords([], { maxLength: 12, stride: 4 })).toEqual([]);
    const [[empty] = []] = await tokenizer.encodeWords([[]], { maxLength: 12, stride: 4 });
    expect(empty?.wordIds).toEqual([null, null]);
  },
);

test('a space comes before words only where the tokenizer has none of its own', () => {
  const bytes = (adds: boolean) => ({ type: 'ByteLevel', add_prefix_space: adds });
  expect(needsSpace(bytes(false))).toBe(true);
  expect(needsSpace({ type: 'Sequence', pretokenizers: [{ type: 'Digits' }, bytes(false)] })).toBe(true);
  for (const none of [undefined, null, bytes(true), { type: 'BertPreTokenizer' }]) expect(needsSpace(none)).toBe(false);
});
