import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, byteTokenizer } from '../../testing/byte-tokenizer.js';
import { readLlama2cTokenizer } from '../../text/llama2c-tokenizer.js';
import type { Tokenizer } from '../../text/tokenizer.js';
import { TextOfTokens, textOf } from './text-of-tokens.js';

async function pieces(tokenizer: Tokenizer, tokenIds: readonly number[], prompt: readonly number[] = []) {
  const text = new TextOfTokens(tokenizer, prompt);
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
  const path = fileURLToPath(new URL('../../../fixtures/llama2c/tiny-tokenizer.bin', import.meta.url));
  const tokenizer = await readLlama2cTokenizer(path, { vocabSize: 279, maxLength: 64 });
  const { ids } = await tokenizer.encode('a b ba é b');
  const whole = await tokenizer.decode(ids);
  for (let cut = 1; cut < ids.length; cut++) {
    const [prompt, rest] = [ids.slice(0, cut), ids.slice(cut)];
    const before = await tokenizer.decode(prompt);
    if (before.endsWith('\ufffd')) continue; // a prompt is a text: it ends with a character
    expect((await pieces(tokenizer, rest, prompt)).join('')).toBe(whole.slice(before.length));
    expect(await textOf(tokenizer, prompt, rest, [])).toBe(whole.slice(before.length));
  }
});
