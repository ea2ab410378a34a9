/** @file Control characters from outside are shown on a terminal, and go into pipes as they are. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forStream, visible } from './print.js';

test.each([
  ['a\u001B[2Jb', 'a\\u001b[2Jb'],
  ['\u001B]0;title\u0007', '\\u001b]0;title\\u0007'],
  ['over\rwritten\b', 'over\\u000dwritten\\u0008'],
  ['\u202Eevil\u2066', '\\u202eevil\\u2066'],
  ['\u009B31m', '\\u009b31m'],
  ['tab\tand line\n, 中文, 😀, é', 'tab\tand line\n, 中文, 😀, é'],
])('%j', (text, shown) => {
  expect(visible(text)).toBe(shown);
  expect(forStream(text, { isTTY: true })).toBe(shown);
  expect(forStream(text, {})).toBe(text);
});

test('nothing that a terminal obeys is left of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(visible(text)).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
    }),
  );
});
