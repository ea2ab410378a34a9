/** @file A power cut cannot be tested; that a folder is flushed behind each new name can. */
import { mkdtempSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { makeDirectory, move, writeAtomically } from '../node.js';

let done: string[] = [];
let folder: string;
vi.mock('node:fs/promises', async (importOriginal) => {
  const files = await importOriginal<typeof import('node:fs/promises')>();
  return {
    ...files,
    async open(path: string, flags: string | number): Promise<FileHandle> {
      const file = await files.open(path, flags);
      const sync = file.sync.bind(file);
      file.sync = async () => {
        await sync();
        done.push(`sync ${flags === 'r' ? relative(dirname(folder), path) : 'file'}`);
      };
      return file;
    },
    async rename(from: string, to: string) {
      await files.rename(from, to);
      done.push(`rename to ${relative(folder, to)}`);
    },
  };
});

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'multihead-')), 'f');
});

test('new folders, new files and new names', async () => {
  done = [];
  await makeDirectory(join(folder, 'a', 'b'));
  expect(done).toEqual(['sync f/a', 'sync f', 'sync ']);
  done = [];
  await writeAtomically(join(folder, 'a', 'one'), 'x');
  expect(done).toEqual(['sync file', 'rename to a/one', 'sync f/a']);
  done = [];
  await move(join(folder, 'a', 'one'), join(folder, 'two'));
  expect(done).toEqual(['rename to two', 'sync f', 'sync f/a']);
});
