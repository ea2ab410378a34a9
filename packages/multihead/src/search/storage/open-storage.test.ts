/** @file Places that name no storage. */
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { openStorage } from './open-storage.js';

test.each([
  'pglite:',
  'postgres:name',
  'sqlite:///my.db',
  'ftp://x',
  'mysql+pymysql://user@host/name',
  'postgresql+psycopg2://host/name',
])('%s is refused, with the storages that there are', (place) => {
  expect(() => openStorage(place)).toThrow(
    `storage ${place}: there is no such storage; there are: the path of a journal file, postgres://USER@HOST/NAME, postgres`,
  );
});

test.each([[''], [5], [undefined]])('%o is not a place', (place) => {
  expect(() => openStorage(place as string)).toThrow('the path of a journal file, or a database was expected');
});

test('a password is not shown', () => {
  expect(() => openStorage('mysql://user:secret@host/name')).toThrow(
    'storage mysql://user@host/name: there is no such',
  );
});

test('the place of a database has no password', () => {
  expect(openStorage('postgres://user:se:cret@host/name').place).toBe('postgres://user@host/name');
  expect(openStorage('postgres://host/name?password=secret').place).toBe('postgres://host/name');
});

test('a URL that is not valid is refused', async () => {
  await expect(openStorage('postgres://user:sec/ret@host').open('study', ['minimize'])).rejects.toThrow(
    /^the URL of the database is not a valid URL; expected postgres:/,
  );
});

test('a folder is refused by its path, before anything is written beside it', () => {
  const folder = temporaryFolder();
  expect(() => openStorage(folder)).toThrow(
    `storage ${folder}: is a folder; the path of a journal file was expected, such as ${folder}/search.journal`,
  );
});
