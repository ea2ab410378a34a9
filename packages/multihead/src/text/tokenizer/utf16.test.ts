/** @file Code points to UTF-16 units. */
import { expect, test } from 'vitest';
import type { Span } from '../backends/backend.js';
import { utf16Spans } from './utf16.js';

test('places behind characters of two units move', () => {
  const text = 'a😀b👩‍👧c';
  const spans = [...text].map((_, i): Span => [i, i + 1]);
  expect(utf16Spans(text, spans).map(([start, end]) => text.slice(start, end))).toEqual([...text]);
});

test('where every character has one unit, nothing changes', () => {
  const spans: Span[] = [[0, 2]];
  expect(utf16Spans('né', spans)).toBe(spans);
});
