import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textLines } from './text-lines.js';

/** Bytes in blocks of a size. */
async function* blocks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const linesOf = (content: string | Uint8Array, size = 4): Promise<string[]> => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return all(textLines(blocks(bytes, size), 'a.txt'));
};

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test.each<[string, string, string[]]>([
  ['nothing', '', []],
  ['an empty line', '\n', ['']],
  ['no end of the last line', 'one\ntwo', ['one', 'two']],
  ['an end of the last line', 'one\ntwo\n', ['one', 'two']],
  ['empty lines between and behind', '\none\n\ntwo\n\n', ['', 'one', '', 'two', '']],
  ['ends of Windows', 'one\r\ntwo\r\n', ['one', 'two']],
  ['a carriage return in a line', 'one\rand\ntwo', ['one\rand', 'two']],
  ['what other programs take for an end', 'one\u2028still\u0085one\n', ['one\u2028still\u0085one']],
  ['NUL', 'a\0b\n', ['a\0b']],
  ['a byte order mark; one that stands elsewhere is text', '\ufeffone\n\ufefftwo', ['one', '\ufefftwo']],
])('%s', async (_, content, expected) => {
  expect(await linesOf(content)).toEqual(expected);
});

test('lines are the same however the bytes are cut', async () => {
  const line = fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => !/[\n\r\ufeff]/.test(text));
  const property = fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
    expect(await linesOf(lines.map((text) => `${text}\n`).join(''), size)).toEqual(lines);
  });
  await fc.assert(property);
});

test('of UTF-16 behind its byte order mark, of both orders', async () => {
  const bytes = Buffer.from('\ufeffeins\r\nzwei 😀\n', 'utf16le');
  for (const each of [bytes, Buffer.from(bytes).swap16()]) expect(await linesOf(each, 3)).toEqual(['eins', 'zwei 😀']);
});

describe('refuses', () => {
  test('bytes that are no UTF-8, saying in which line', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('fine\nalso\n'), 0xe9, 0x0a]);
    await expect(linesOf(bytes)).rejects.toThrow('a.txt:3: not valid UTF-8 text');
    await expect(linesOf(new Uint8Array([0xe5, 0xa4]))).rejects.toThrow('a.txt:1: not valid UTF-8 text');
  });

  test('a line that is no sentence, before all of it is read', async () => {
    let read = 0;
    async function* endless() {
      yield new TextEncoder().encode('one\n');
      for (; read < 100; read++) yield new Uint8Array(1_000_000).fill(97);
    }
    const lines = all(textLines(endless(), 'a.txt'));
    await expect(lines).rejects.toThrow('a.txt:2: this line has more than 10 million bytes');
    expect(read).toBeLessThan(12);
  });
});
