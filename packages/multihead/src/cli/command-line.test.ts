/** @file Commands as they are printed, for people to type again. */
import { expect, test } from 'vitest';
import { commandLine } from './command-line.js';

test('a command shows no password', () => {
  expect(commandLine(['search', '--storage', 'postgres://user:se:cret@host/name'])).toBe(
    "npx multihead search --storage 'postgres://user:***@host/name'",
  );
  expect(commandLine(['search', '--storage=postgres://host/name?password=secret'])).toBe(
    "npx multihead search '--storage=postgres://host/name?password=***'",
  );
});
