import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UserError } from '../../errors.js';
import { findFiles, readBlocks } from './node.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  for (const name of ['b.txt', 'a.txt', 'a.jsonl', 'deep/c.txt', 'deep/er/d.txt', '[x].txt', '.hidden.txt']) {
    writeFileSync(join(folder, name), name);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const found = async (...patterns: string[]) =>
  (await findFiles(patterns.map((pattern) => join(folder, pattern)))).map((path) => path.slice(folder.length + 1));

describe('names and patterns', () => {
  test('are found sorted, in the order of the patterns, each file once', async () => {
    expect(await found('*.txt')).toEqual(['[x].txt', 'a.txt', 'b.txt']);
    expect(await found('b.txt', '[ab].txt')).toEqual(['b.txt', 'a.txt']);
    expect(await found('**/{c,d}.txt')).toEqual(['deep/c.txt', 'deep/er/d.txt']);
    expect(await found('a.{txt,jsonl}')).toEqual(['a.jsonl', 'a.txt']);
  });

  test('a file that is called like a pattern is itself', async () => {
    expect(await found('[x].txt')).toEqual(['[x].txt']);
  });

  test('what stands for nothing is refused, and so is a folder', async () => {
    await expect(found('a.txt', '*.csv')).rejects.toBeInstanceOf(UserError);
    await expect(found('a.txt', '*.csv')).rejects.toThrow('*.csv: no such file, and no file matches it as a pattern');
    await expect(found('deep')).rejects.toThrow("deep/**/*.txt'");
  });
});

test('blocks are the file; leaving early closes it', async () => {
  const path = join(folder, 'blocks');
  const bytes = Uint8Array.from({ length: 600_000 }, (_, i) => i % 251);
  writeFileSync(path, bytes);
  const blocks: Uint8Array[] = [];
  for await (const block of readBlocks(path)) blocks.push(block);
  expect(blocks.length).toBeGreaterThan(1);
  expect(Buffer.concat(blocks).equals(bytes)).toBe(true);
  for await (const block of readBlocks(path)) {
    expect(block[1]).toBe(1);
    break;
  }
  await expect(readBlocks(join(folder, 'none')).next()).rejects.toThrow('none: no such file');
});
