/** @file Files on Node: those that are written piece by piece. Finding and reading: `data/corpus/read-corpus.test.ts`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserError } from '../errors.js';
import { createFile, fileSize, fileStamp, isInside, readChunks, readRange } from './node.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file has its name once it is whole', async () => {
  const path = join(folder, 'new', 'a.bin');
  const file = await createFile(path);
  await file.write('one ');
  await file.write(new TextEncoder().encode('two'));
  expect(readdirSync(join(folder, 'new'))).not.toContain('a.bin');
  await file.commit();
  await file.abandon();
  expect(readdirSync(join(folder, 'new'))).toEqual(['a.bin']);
  expect(readFileSync(path, 'utf8')).toBe('one two');
});

test('a file that is given up leaves what was there', async () => {
  const path = join(folder, 'a.bin');
  writeFileSync(path, 'old');
  const file = await createFile(path);
  await file.write('new');
  await file.abandon();
  expect(readdirSync(folder)).toEqual(['a.bin']);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('bytes come in pieces, and what is no file is named', async () => {
  const bytes = Buffer.alloc(2_500_000, 'abc');
  writeFileSync(join(folder, 'a.bin'), bytes);
  const pieces: Uint8Array[] = [];
  for await (const piece of readChunks(join(folder, 'a.bin'))) pieces.push(piece);
  expect(pieces.length).toBeGreaterThan(1);
  expect(Math.max(...pieces.map(({ length }) => length))).toBe(2 ** 17);
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  await expect(readChunks(folder).next()).rejects.toThrow(new UserError(`${folder}: is a folder; a file was expected`));
  await expect(readChunks(join(folder, 'b')).next()).rejects.toThrow('no such file');
});

test('what the operating system refuses is told with the path, whatever it is', async () => {
  await expect(readRange(folder, 0, 8)).rejects.toThrow(new UserError(`${folder}: is a folder; a file was expected`));
  const long = join(folder, 'x'.repeat(300));
  await expect(fileSize(long)).rejects.toThrow(UserError);
  await expect(fileSize(long)).rejects.toThrow(`${long}: ENAMETOOLONG`);
});

test('a stamp has size and time', async () => {
  writeFileSync(join(folder, 'a'), 'abc');
  const { size, modified } = await fileStamp(join(folder, 'a'));
  expect(size).toBe(3);
  expect(Math.abs(Date.now() - modified)).toBeLessThan(60_000);
});

test('what lies in a folder', () => {
  expect(isInside('a/b/c', 'a/b')).toBe(true);
  expect(isInside('a/b', 'a/b')).toBe(true);
  expect(isInside('./a/../a/b', 'a')).toBe(true);
  expect(isInside(join(process.cwd(), 'a/b'), 'a')).toBe(true);
  expect(isInside('a/bc', 'a/b')).toBe(false);
  expect(isInside('a/..b', 'a')).toBe(true);
  expect(isInside('a', 'a/b')).toBe(false);
});
