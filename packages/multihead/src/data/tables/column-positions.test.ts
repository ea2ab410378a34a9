import { expect, test } from 'vitest';
import { findByPosition } from './column-positions.js';

const none = { text: undefined, textPair: undefined, label: undefined };
const rows = (...lines: string[]) => lines.map((line, index) => ({ line: index + 1, cells: line.split('|') }));

test.each([
  ['numbers are the label', rows('a film|1', 'another|0'), { text: 0, label: 1 }],
  ['numbers are the label, however many', rows('0.5|a', '0.7|b', '0.7|b'), { text: 1, label: 0 }],
  ['few values are the label', rows('a|pos', 'b|neg', 'c|pos'), { text: 0, label: 1 }],
  ['few values are the label, on the left', rows('pos|a', 'neg|b', 'pos|c'), { text: 1, label: 0 }],
  ['texts may be numbers', rows('2024|1', '2025|0', '2026|1'), { text: 0, label: 1 }],
  ['one column is text', rows('a', 'b'), { text: 0 }],
  ['three columns are not guessed', rows('a|b|1', 'c|d|0'), {}],
])('%s', (_, table, expected) => {
  expect(findByPosition(table, none, 'a.tsv')).toEqual(expected);
});

test('columns are given by number; of two, the other follows', () => {
  const table = rows('a|b', 'c|d');
  expect(findByPosition(table, { ...none, label: 0 }, 'a.tsv')).toEqual({ text: 1, label: 0 });
  expect(findByPosition(table, { ...none, text: '1' }, 'a.tsv')).toEqual({ text: 1, label: 0 });
  expect(findByPosition(table, { ...none, text: 0, textPair: 1 }, 'a.tsv')).toEqual({ text: 0, textPair: 1 });
});

test('refuses what it cannot know', () => {
  expect(() => findByPosition(rows('a|b', 'c|d'), none, 'a.tsv')).toThrow(
    'a.tsv: no header, and both columns have 2 different values',
  );
  expect(() => findByPosition(rows('a|b', 'c|d'), { ...none, label: 'intent' }, 'a.tsv')).toThrow(
    'a.tsv: no column "intent" (`label`). The first line is no header with that name; its 2 cells are numbered from 0: 0 "a", 1 "b"',
  );
  expect(() => findByPosition(rows('a|b'), { ...none, label: 2 }, 'a.tsv')).toThrow('no column 2 (`label`)');
});
