/** @file llama2.c's tokenizers against llama2.c's own program (fixtures/llama2c, made by bench/peers/llama2c_fixtures.py). */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { AutoTokenizer } from '../tokenizer/auto-tokenizer.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { readLlama2cTokenizer } from './llama2c-tokenizer.js';

const path = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const fixture = (name: string) => path(`fixtures/llama2c/${name}`);
const stories = path('../../../../shared/data/models/stories260K/tok512.bin');
const scratch = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Reference {
  encodings: { text: string; ids: number[] }[];
  greedy: { ids: number[] }[];
  text: string;
}
const reference = (name: string) => JSON.parse(readFileSync(fixture(name), 'utf8')) as Reference;
const sizes = { vocabSize: 279, maxLength: 48 };

async function expectEncodings(tokenizer: Tokenizer, { encodings }: Reference): Promise<void> {
  for (const { text, ids } of encodings) {
    expect((await tokenizer.encode(text)).inputIds, text).toEqual(ids);
    expect(await tokenizer.decode(ids)).toBe(text);
  }
}

describe('a tokenizer of llama2.c', () => {
  test('encodes as llama2.c does, and decodes to what was there', async () => {
    await expectEncodings(await readLlama2cTokenizer(fixture('tiny-tokenizer.bin'), sizes), reference('tiny.json'));
  });

  test('is the same from its files', async () => {
    const tokenizer = await readLlama2cTokenizer(fixture('tiny-tokenizer.bin'), sizes);
    for (const [name, text] of Object.entries(tokenizer.files())) writeFileSync(join(scratch, name), text);
    const again = await AutoTokenizer.fromPretrained(scratch);
    expect(again.modelMaxLength).toBe(48);
    await expectEncodings(again, reference('tiny.json'));
  });

  test('stories260K’s encodes and decodes as llama2.c does', async () => {
    if (!existsSync(stories)) return console.log(`not tested: ${stories} is not there`);
    const tokenizer = await readLlama2cTokenizer(stories, { vocabSize: 512, maxLength: 512 });
    const real = reference('stories260K.json');
    await expectEncodings(tokenizer, real);
    const { ids } = real.greedy[0] as Reference['greedy'][0];
    expect(await tokenizer.decode(ids)).toBe(real.text.trimEnd());
  });
});

test('any text is merged as by llama2.c’s rule: again and again the leftmost of the best-scored pairs', async () => {
  const tokenizer = await readLlama2cTokenizer(fixture('tiny-tokenizer.bin'), sizes);
  const score = (token: string) => -(tokenizer.tokenToId(token) ?? Number.POSITIVE_INFINITY); // ids fall as scores do
  const merge = (tokens: string[]): string[] => {
    const scores = tokens.slice(1).map((token, i) => score((tokens[i] as string) + token));
    const best = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (best === Number.NEGATIVE_INFINITY) return tokens;
    const at = scores.indexOf(best);
    return merge([...tokens.slice(0, at), (tokens[at] as string) + tokens[at + 1], ...tokens.slice(at + 2)]);
  };
  const text = fc.string({ unit: fc.constantFrom(...'abcde é日'), minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      const { tokens } = await tokenizer.encode(text, { addSpecialTokens: false });
      expect(tokens).toEqual(merge([...` ${text}`.replaceAll(' ', '▁')]));
    }),
    { numRuns: 300 },
  );
});

describe('files that are none', () => {
  const whole = readFileSync(fixture('tiny-tokenizer.bin'));
  const changed = (bytes: Uint8Array) => {
    const file = join(scratch, 'changed.bin');
    writeFileSync(file, bytes);
    return file;
  };
  const at = (place: number, byte: number) => {
    const copy = Buffer.from(whole);
    copy[place] = byte;
    return copy;
  };

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', whole.subarray(0, 0), /changed\.bin: at byte 4: the file ends before token 0 of 279/],
    ['cut off between tokens', whole.subarray(0, 17), /at byte 17: the file ends before token 1 of 279/],
    ['cut off inside a token', whole.subarray(0, -1), /at byte \d+: token 278 has the score -19 and the length 3/],
    ['of a larger model', Buffer.concat([whole, whole]), /at byte 3829: 3829 bytes follow the model's 279 tokens/],
    ['a length below 0', at(11, 0xff), /at byte 4: token 0 has the score 0 and the length -\d+, which cannot be/],
    ['bytes that are no text', at(40, 0xff), /at byte \d+: token \d is not valid UTF-8/],
  ])('%s', async (_, bytes, message) => {
    await expect(readLlama2cTokenizer(changed(bytes), sizes)).rejects.toThrow(message);
  });
});
