/** @file UTF-8 in pieces, whole and broken. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from './decode-utf8.js';

async function decode(bytes: Uint8Array, size = bytes.length || 1): Promise<{ text: string; invalid: number }> {
  async function* pieces() {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
  }
  let invalid = 0;
  let text = '';
  const onInvalid = (count: number) => {
    invalid += count;
  };
  for await (const part of decodeUtf8(pieces(), onInvalid)) text += part;
  return { text, invalid };
}
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('text', () => {
  test('comes without a byte order mark at its beginning, and with what looks like one elsewhere', async () => {
    expect(await decode(utf8('\ufeffa\ufeff'))).toEqual({ text: 'a\ufeff', invalid: 0 });
    expect(await decode(utf8('\ufeffa\ufeff'), 1)).toEqual({ text: 'a\ufeff', invalid: 0 });
    expect((await decode(utf8('\ufeff'))).text).toBe('');
  });
  test('of one or two bytes is text too', async () => {
    expect((await decode(utf8('a'))).text).toBe('a');
    expect((await decode(utf8('é'), 1)).text).toBe('é');
  });
  test('has line feeds at the ends of lines, also where CR and LF are parted', async () => {
    for (const size of [1, 2, 3, 100]) expect((await decode(utf8('a\r\nb\rc\r\n\r'), size)).text).toBe('a\nb\rc\n\r');
  });
});

describe('bytes that are not UTF-8', () => {
  test.each([
    ['a byte that begins nothing', [0x61, 0xff, 0x62], 'a\ufffdb', 1],
    ['a character that is broken off', [0xe2, 0x82, 0x61], '\ufffda', 1],
    ['a character that the end breaks off', [0x61, 0xf0, 0x9f, 0x98], 'a\ufffd', 1],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9], 'caf\ufffd', 1],
    ['an overlong slash', [0xc0, 0xaf, 0x61], '\ufffd\ufffda', 2],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd', 3],
    ['beside a U+FFFD that is in the file', [0xef, 0xbf, 0xbd, 0xff], '\ufffd\ufffd', 1],
  ])('become U+FFFD and are counted: %s', async (_, bytes, text, invalid) => {
    for (const size of [1, 2, 3, 100]) expect(await decode(new Uint8Array(bytes), size)).toEqual({ text, invalid });
  });
});

test('the text is the same however the bytes come, and is what TextDecoder makes of the whole', async () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }).map(utf8),
    fc.uint8Array({ maxLength: 4 }),
    fc.constant(utf8('\r\n')),
    fc.constant(utf8('\ufffd')),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 1, max: 7 }), async (pieces, size) => {
      const bytes = new Uint8Array(Buffer.concat([utf8('abc'), ...pieces]));
      const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).replaceAll('\r\n', '\n');
      const { text, invalid } = await decode(bytes, size);
      expect(text).toBe(whole);
      expect(await decode(bytes)).toEqual({ text, invalid });
    }),
    { numRuns: 500 },
  );
});
