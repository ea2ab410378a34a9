/** @file Passwords in URLs, wherever they stand. */
import { expect, test } from 'vitest';
import { withoutPassword } from './without-password.js';

test.each([
  ['postgres://user:secret@host/name', 'postgres://user@host/name'],
  ['postgres://user:sec:ret@host/name', 'postgres://user@host/name'],
  ['postgres://user:sec@ret@host/name', 'postgres://user@host/name'],
  ['postgres://user@host/name?password=secret&ssl=true', 'postgres://user@host/name?ssl=true'],
  ['postgres://user:sec/ret@host/name', 'postgres://***'], // not a valid URL: where the password ends is unclear
])('%s is shown as %s', (url, shown) => {
  expect(withoutPassword(url)).toBe(shown);
});

test('a mask stands in the place of the password', () => {
  expect(withoutPassword('postgres://user:secret@host/name', '***')).toBe('postgres://user:***@host/name');
  expect(withoutPassword('postgres://host/name?password=secret', '***')).toBe('postgres://host/name?password=***');
});

test.each(['search.journal', 'ftp://x', 'postgres', 'pglite:folder', 'postgres://user@host/name?host=/tmp'])(
  '%s is unchanged',
  (text) => {
    expect(withoutPassword(text, '***')).toBe(text);
  },
);
