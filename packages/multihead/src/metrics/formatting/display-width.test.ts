import { expect, test } from 'vitest';
import { displayWidth } from './display-width.js';

test.each([
  ['', 0],
  ['abc', 3],
  ['好评 ok', 7],
  ['ひらがなカタカナ', 16],
  ['한국어', 6],
  ['，。（）「」', 12],
  ['ｶﾀｶﾅ', 4],
  ['e\u0301te\u0301', 3],
  ['😀', 2],
  ['👨‍👩‍👧', 2],
  ['❤️', 2],
  ['©', 1],
  ['a\u200bb', 2],
  ['𠀀', 2],
])('%s takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});
