import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../errors.js';
import { readTextPieces } from './text-pieces.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The pieces of a file with this content, and what was met in it. */
async function read(content: string | Uint8Array) {
  const path = join(folder, 'text.txt');
  writeFileSync(path, content);
  const report = { bytes: 0, invalid: 0 };
  const pieces: string[] = [];
  for await (const piece of readTextPieces(path, report)) pieces.push(piece);
  return { pieces, report };
}

describe('pieces', () => {
  test('are the text, cut before a white space that a word follows', async () => {
    const text = 'two words\n\nand  more\t'.repeat(100_000);
    const { pieces, report } = await read(text);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join('') === text).toBe(true);
    for (const piece of pieces.slice(1)) expect(piece).toMatch(/^\s\S/);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1 << 20);
    expect(report).toEqual({ bytes: text.length, invalid: 0 });
  });

  test('are cut anywhere where there is no white space, between characters', async () => {
    const text = `.${'😀'.repeat(1_200_000)}`; // the dot puts a pair across each even length
    const { pieces } = await read(text);
    expect(pieces.join('') === text).toBe(true);
    expect(pieces.map(({ length }) => length)).toEqual([2 ** 20 - 1, 2 ** 20, 2_400_001 - 2 ** 21 + 1]);
    for (const piece of pieces) expect(/^[\ud800-\udbff]$/.test(piece.at(-1) as string)).toBe(false);
  });

  test('of an empty file there are none; a byte order mark is no text', async () => {
    expect((await read('')).pieces).toEqual([]);
    expect((await read('\ufeff')).pieces).toEqual([]);
    expect((await read('\ufeffone\u0000 \ufefftwo')).pieces).toEqual(['one\u0000 \ufefftwo']);
  });
});

test('a line of 100 MB takes no more memory than a short one', async () => {
  const path = join(folder, 'line.txt');
  const file = openSync(path, 'w');
  const part = 'some words without an end '.repeat(40_000);
  const count = Math.ceil(100e6 / part.length);
  for (let i = 0; i < count; i++) writeSync(file, part);
  closeSync(file);
  let characters = 0;
  let longest = 0;
  for await (const piece of readTextPieces(path)) {
    characters += piece.length;
    longest = Math.max(longest, piece.length);
  }
  expect(characters).toBe(count * part.length);
  expect(longest).toBeLessThan(1 << 20);
});

describe('bytes that are no UTF-8', () => {
  // The number of U+FFFD is Python's: bytes(...).decode('utf-8', 'replace').count('\ufffd').
  test.each([
    [[0x63, 0xe9, 0x20], 'c\ufffd ', 1],
    [[0xff, 0xfe, 0x41], '\ufffd\ufffdA', 2],
    [[0xe4, 0xb8, 0x41], '\ufffdA', 1],
    [[0xf0, 0x9f, 0x98], '\ufffd', 1],
    [[0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd', 3],
    [[0xc0, 0xaf], '\ufffd\ufffd', 2],
    [[0xef, 0xbf, 0xbd, 0xef, 0xbf], '\ufffd\ufffd', 1],
    [[0xef, 0xbf, 0xbd], '\ufffd', 0],
  ])('%j', async (bytes, text, invalid) => {
    const { pieces, report } = await read(Uint8Array.from(bytes));
    expect(pieces.join('')).toBe(text);
    expect(report.invalid).toBe(invalid);
  });

  test.each([0, 1, 2])('across the blocks in which a file is read: %i', async (shift) => {
    const before = 'x'.repeat((1 << 18) - shift);
    const own = new TextEncoder().encode(`${before}\ufffd`);
    const { pieces, report } = await read(Uint8Array.from([...own, 0xe4, 0xb8]));
    expect(pieces.join('') === `${before}\ufffd\ufffd`).toBe(true);
    expect(report).toEqual({ bytes: own.length + 2, invalid: 1 });
  });
});

test('a file that is not there is named', async () => {
  const reading = readTextPieces(join(folder, 'none.txt')).next();
  await expect(reading).rejects.toBeInstanceOf(UserError);
  await expect(reading).rejects.toThrow('none.txt: no such file');
  await expect(readTextPieces(folder).next()).rejects.toThrow('is a folder');
});
