/** @file UTF-16 in pieces, whole and broken. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertAdvice, decodeText, utf8Of } from './text-encoding.js';

const utf16 = (text: string, order: string): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint8Array(order === 'le' ? bytes : bytes.swap16());
};

async function converted(bytes: Uint8Array, size: number, invalid?: 'error' | 'byte'): Promise<Uint8Array> {
  async function* pieces() {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  }
  const parts: Uint8Array[] = [];
  for await (const part of utf8Of(pieces(), 'a.txt', invalid)) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

test('text in UTF-16 behind its mark becomes UTF-8, however the bytes come', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, fc.constantFrom('le', 'be'), fc.integer({ min: 1, max: 9 }), async (given, order, size) => {
      const bytes = utf16(`\ufeff${given}`, order);
      expect(Buffer.from(await converted(bytes, size)).toString()).toBe(given);
      expect(decodeText(bytes, 'a.txt')).toBe(given);
    }),
    { numRuns: 300 },
  );
});

test('UTF-8 comes as it is, byte by byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 7 }), fc.integer({ min: 1, max: 3 }), async (bytes, size) => {
      fc.pre(!(bytes[0] === 0xff && bytes[1] === 0xfe) && !(bytes[0] === 0xfe && bytes[1] === 0xff));
      expect(await converted(bytes, size)).toEqual(bytes);
    }),
  );
});

test.each([1, 2, 3, 100])('broken UTF-16 is an error, or a byte that is no UTF-8, in pieces of %d', async (size) => {
  const cases: readonly [Uint8Array, string][] = [
    [utf16('\ufeffa\ud83db', 'le'), 'a\ufffdb'],
    [utf16('\ufeffa\ude00b', 'be'), 'a\ufffdb'],
    [utf16('\ufeffa\ud83d', 'le'), 'a\ufffd'],
    [utf16('\ufeffab', 'le').subarray(0, 5), 'a\ufffd'],
    [utf16('\ufeff\ud83d\ud83d\ude00', 'le'), '\ufffd\u{1f600}'],
  ];
  for (const [bytes, text] of cases) {
    expect(Buffer.from(await converted(bytes, size, 'byte')).toString()).toBe(text);
    await expect(converted(bytes, size)).rejects.toThrow(/a\.txt: not valid UTF-16[LB]E text\. Is the file whole\?/);
    expect(() => decodeText(bytes, 'a.txt')).toThrow('Is the file whole?');
  }
});

test('UTF-16 without its mark is recognized by its zeros, with the command that converts it', async () => {
  await expect(converted(utf16('text,label\n', 'le'), 100)).rejects.toThrow('iconv -f UTF-16LE -t UTF-8');
  await expect(converted(utf16('text,label\n', 'be'), 100)).rejects.toThrow('iconv -f UTF-16BE -t UTF-8');
  const zeros = new TextEncoder().encode('a\0b, c\0\0d and more \0');
  expect(await converted(zeros, 100)).toEqual(zeros);
});

test('what is no UTF-8 is refused with what it may be', () => {
  expect(() => decodeText(new Uint8Array([0x63, 0xe9, 0x61]), 'a.txt')).toThrow(
    `a.txt: not valid UTF-8 text. ${convertAdvice}`,
  );
});

test.each(['le', 'be'])('UTF-32 is refused by its mark, however the bytes come: %s', async (order) => {
  const units = [0xfeff, 0x61, 0x1f600, 0x2c, 0x62];
  const bytes = new Uint8Array(4 * units.length);
  for (const [i, unit] of units.entries()) new DataView(bytes.buffer).setUint32(4 * i, unit, order === 'le');
  const message = 'a.txt: is UTF-32. Convert the file to UTF-8 first: iconv -f UTF-32 -t UTF-8.';
  expect(() => decodeText(bytes, 'a.txt')).toThrow(message);
  for (const size of [1, 2, 3, 100]) await expect(converted(bytes, size)).rejects.toThrow(message);
});
