import { expect, test } from 'vitest';
import { byteCharacters } from './byte-alphabet.js';

test('is GPT-2’s: the visible bytes as they are, the others from U+0100 on', () => {
  expect(new Set(byteCharacters).size).toBe(256);
  expect(byteCharacters[0x41]).toBe('A');
  expect(byteCharacters[0x0a]).toBe('Ċ');
  expect(byteCharacters[0x20]).toBe('Ġ');
  expect([byteCharacters[0], byteCharacters[0x7f], byteCharacters[0xad]]).toEqual(['Ā', 'ġ', 'Ń']);
  expect(byteCharacters.toSorted().slice(-1)).toEqual(['Ń']);
});
