import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteFallbackTokenizer, fallbackByteIds, fallbackId } from '../../../testing/byte-fallback-tokenizer.js';
import { bytesOf, byteTokenizer } from '../../../testing/byte-tokenizer.js';
import { readLlama2cTokenizer } from '../../../text/files/llama2c-tokenizer.js';
import type { Tokenizer } from '../../../text/tokenizer/tokenizer.js';
import { IncrementalDetokenizer, textOf } from './incremental-detokenizer.js';
import { WatchedText } from './watched-text.js';

async function pieces(tokenizer: Tokenizer, tokenIds: readonly number[], prompt: readonly number[] = []) {
  const text = new IncrementalDetokenizer(tokenizer, prompt);
  const found: string[] = [];
  for (const id of tokenIds) found.push(await text.push(id));
  return [...found, await text.end()];
}

describe('byte by byte', () => {
  const tokenizer = byteTokenizer();

  test('an emoji comes when its last byte has come', async () => {
    expect(await pieces(tokenizer, bytesOf('a😀é'))).toEqual(['a', '', '', '', '😀', '', 'é', '']);
  });

  test('no piece splits a character, and together they are the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 12 }), async (text) => {
        const found = await pieces(tokenizer, bytesOf(text), bytesOf('x'));
        expect(found.join('')).toBe(text);
        for (const piece of found) expect(piece).not.toMatch(/\p{Surrogate}/u);
      }),
      { numRuns: 50 },
    );
  });

  test('of bytes that are no text, the pieces are what the whole decodes to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 256 }), { maxLength: 12 }), async (tokenIds) => {
        const found = await pieces(tokenizer, tokenIds, bytesOf('x'));
        expect(found.join('')).toBe(await tokenizer.decode(tokenIds));
        expect(found.join('')).toBe(await textOf(tokenizer, bytesOf('x'), tokenIds, []));
      }),
      { numRuns: 50 },
    );
  });

  test('what is cut off at the end comes at the end', async () => {
    expect(await pieces(tokenizer, bytesOf('é').slice(0, 1))).toEqual(['', '\ufffd']);
  });

  test('a special token has no text', async () => {
    expect(await pieces(tokenizer, [...bytesOf('a'), 0, ...bytesOf('b')])).toEqual(['a', '', 'b', '']);
  });
});

test('a space at the beginning of a token is there behind a prompt (SentencePiece)', async () => {
  const path = fileURLToPath(new URL('../../../../fixtures/llama2c/tiny-tokenizer.bin', import.meta.url));
  const tokenizer = await readLlama2cTokenizer(path, { vocabSize: 279, maxLength: 64 });
  const { inputIds: ids } = await tokenizer.encode('a b ba é b');
  const whole = await tokenizer.decode(ids);
  for (let cut = 1; cut < ids.length; cut++) {
    const [prompt, rest] = [ids.slice(0, cut), ids.slice(cut)];
    const before = await tokenizer.decode(prompt);
    if (before.endsWith('\ufffd')) continue; // a prompt is a text: it ends with a character
    expect((await pieces(tokenizer, rest, prompt)).join('')).toBe(whole.slice(before.length));
    expect(await textOf(tokenizer, prompt, rest, [])).toBe(whole.slice(before.length));
  }
});

describe('byte-fallback tokens (Llama)', () => {
  const tokenizer = byteFallbackTokenizer();
  const emoji = fallbackByteIds('😀');
  const [the, hi] = [fallbackId('▁the'), fallbackId('▁Hi')];

  // What pipeline('text-generation') of Transformers 5.15 gives of such tokens, with return_full_text=False.
  test.each([
    ['behind a prompt that ends in an emoji', [hi, ...emoji], [...emoji, the], '😀 the'],
    ['an emoji that goes on behind the prompt', [hi, ...emoji.slice(0, 2)], [...emoji.slice(2), the], 'the'],
    ['cut in the second emoji', [hi], [the, ...emoji, ...emoji.slice(0, 2)], ` the${'\ufffd'.repeat(6)}`],
    ['a special token among the bytes', [hi], [...emoji.slice(0, 2), 1, ...emoji.slice(2), the], '😀 the'],
  ])('%s', async (_, prompt, tokenIds, expected) => {
    expect(await textOf(tokenizer, prompt, tokenIds, [])).toBe(expected);
    expect((await pieces(tokenizer, tokenIds, prompt)).join('')).toBe(expected);
  });

  test('a stop string of bytes is found when it is written, though its text is held back', async () => {
    const text = new WatchedText(tokenizer, [hi], ['😀']);
    const found: boolean[] = [];
    for (const id of [the, ...emoji]) found.push((await text.push(id)).isFound);
    expect(found).toEqual([false, false, false, false, true]);
    expect(await text.end()).toBe('');
  });
});

describe('streamed and at once, any tokens give the same text', () => {
  const stops = fc.array(fc.constantFrom('a', ' the', '😀', 'é', '\ufffd', ' '), { maxLength: 2 });
  /** Tokens of which runs of a character's bytes are likely. */
  const tokensOf = (count: number, bytes: (text: string) => number[]) =>
    fc
      .array(
        fc.oneof(
          fc.integer({ min: 0, max: count - 1 }).map((id) => [id]),
          fc.constantFrom('😀', 'é', '中').map(bytes),
          fc.constantFrom('😀', 'é').map((text) => bytes(text).slice(0, 1)),
        ),
        { maxLength: 8 },
      )
      .map((lists) => lists.flat());

  test.each([
    ['byte-fallback', byteFallbackTokenizer(), fallbackByteIds],
    ['byte-level', byteTokenizer(), bytesOf],
  ])('%s', async (_, tokenizer, bytes) => {
    const tokens = tokensOf(tokenizer.vocabSize, bytes);
    await fc.assert(
      fc.asyncProperty(tokens, tokens, stops, async (prompt, tokenIds, stopStrings) => {
        const text = new WatchedText(tokenizer, prompt, stopStrings);
        let streamed = '';
        const seen: number[] = [];
        for (const id of tokenIds) {
          seen.push(id);
          const { text: piece, isFound } = await text.push(id);
          streamed += piece;
          if (isFound) break;
        }
        expect(streamed + (await text.end())).toBe(await textOf(tokenizer, prompt, seen, stopStrings));
      }),
      { numRuns: 400 },
    );
  });
});
