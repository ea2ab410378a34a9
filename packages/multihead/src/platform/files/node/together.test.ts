/** @file Files that belong together, killed at every rename and removal: the key is missing, or all are old, or all new. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { writeTogether } from '../node.js';

/** Operations that are still done before the "kill", after which nothing is. */
let left = Number.POSITIVE_INFINITY;
vi.mock('node:fs/promises', async (importOriginal) => {
  const files = await importOriginal<typeof import('node:fs/promises')>();
  const killable = <Arguments extends unknown[]>(operation: (...given: Arguments) => Promise<void>) => {
    return (...given: Arguments) => (--left >= 0 ? operation(...given) : Promise.reject(new Error('killed here')));
  };
  return { ...files, rename: killable(files.rename), rm: killable(files.rm as (path: string) => Promise<void>) };
});

const old = { key: 'old key', weights: 'old weights', words: 'old words', obsolete: 'old' };

function newFolder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'multihead-')), 'f');
  mkdirSync(folder);
  for (const [name, text] of Object.entries({ ...old, users: 'mine' })) writeFileSync(join(folder, name), text);
  return folder;
}

const state = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.includes('.partial-'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

const weights = [new TextEncoder().encode('new '), new TextEncoder().encode('weights')];

test.each([
  ['all', { key: 'new key', words: 'new words' }],
  ['the weights and the words', { key: 'old key', words: 'new words' }],
  ['the weights and the key', { key: 'new key', words: 'old words' }],
])('%s change, and a name goes', async (_, texts) => {
  const after = { ...texts, weights: 'new weights', users: 'mine' };
  for (let operations = 0; ; operations++) {
    const folder = newFolder();
    left = operations;
    const isKilled = await writeTogether(folder, { ...texts, weights }, 'key', ['obsolete', 'words']).then(
      () => false,
      () => true,
    );
    const found = state(folder);
    expect(found.users).toBe('mine');
    if ('key' in found) expect([{ ...old, users: 'mine' }, after]).toContainEqual(found);
    if (!isKilled) {
      expect(found).toEqual(after);
      expect(operations).toBeGreaterThan(3);
      break;
    }
  }
});

test('what changes alone takes the place of the old at once', async () => {
  for (let operations = 0; operations < 3; operations++) {
    const folder = newFolder();
    left = operations;
    await writeTogether(folder, { key: 'old key', words: 'old words', weights }, 'key').catch(() => undefined);
    expect(state(folder)).toEqual({ ...old, users: 'mine', weights: operations === 0 ? 'old weights' : 'new weights' });
  }
});

test('what cannot be written leaves all as it was', async () => {
  left = Number.POSITIVE_INFINITY;
  const folder = newFolder();
  mkdirSync(join(folder, 'dir'));
  function* broken(): Generator<string> {
    yield 'new';
    throw new Error('no more');
  }
  const files = { key: 'new key', weights: { [Symbol.iterator]: broken } };
  await expect(writeTogether(folder, files, 'key', ['obsolete'])).rejects.toThrow('no more');
  expect(readdirSync(folder)).toEqual(['dir', 'key', 'obsolete', 'users', 'weights', 'words']);
  expect(readFileSync(join(folder, 'key'), 'utf8')).toBe('old key');
});
