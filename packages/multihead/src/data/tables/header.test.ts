import { expect, test } from 'vitest';
import { startsWithHeader } from './header.js';

const none = { text: undefined, textPair: undefined, label: undefined };
const rows = (...lines: string[]) => lines.map((line, index) => ({ line: index + 1, cells: line.split('|') }));

test.each([
  ['usual names', rows('text|label', 'fine|1'), true],
  ['one usual name', rows('id| Label ', '7|1'), true],
  ['no usual name', rows('fine|1', 'dull|0'), false],
  ['a label that is a usual name', rows('who is it?|question', 'it is me|answer', 'why?|question'), false],
  ['a header whose name is an example too', rows('text|label', 'text|1', 'fine|0'), true],
])('%s', (_, table, expected) => {
  expect(startsWithHeader(table, none, 'a.tsv')).toBe(expected);
});

test('a name that the user gave makes a header', () => {
  expect(startsWithHeader(rows('utt|cls', 'a|cls', 'b|x'), { ...none, label: 'cls' }, 'a.tsv')).toBe(true);
});

test('a header in the midst of the file is refused', () => {
  expect(() => startsWithHeader(rows('text|label', 'fine|1', 'text|label'), none, 'a.tsv')).toThrow(
    'a.tsv:3: the header of line 1 stands here again; take it out',
  );
});
