import { expect, test } from 'vitest';
import { elements, fail, field, filledString, rootOf, string, wholeNumber } from './json-fields.js';

const root = rootOf({ data: [{ title: 'A', size: 3.5, empty: ' ' }] }, 'a.json');
const [first = root] = elements(field(root, 'data'));

test('walks down and reads', () => {
  expect(string(field(first, 'title'))).toBe('A');
  expect(filledString(field(first, 'title'))).toBe('A');
  expect(wholeNumber({ where: 'a.json: x', value: -2 })).toBe(-2);
});

test.each([
  [() => string(field(first, 'size')), 'a.json: data[0].size: a string was expected, not 3.5'],
  [() => wholeNumber(field(first, 'size')), 'a.json: data[0].size: a whole number was expected, not 3.5'],
  [() => filledString(field(first, 'empty')), 'a.json: data[0].empty: a string with text in it was expected, not " "'],
  [
    () => string(field(first, 'name')),
    'a.json: data[0].name: a string was expected, not nothing (the field is missing)',
  ],
  [() => string(field(first, 'toString')), 'data[0].toString: a string was expected, not nothing'],
  [() => field(field(root, 'data'), 'x'), 'a.json: data: an object was expected, not an array of 1'],
  [() => elements(first), 'a.json: data[0]: an array was expected, not an object with title, size, empty'],
  [() => field(rootOf(null, 'b.json'), 'x'), 'b.json: an object was expected, not null'],
  [() => fail({ where: 'b.json: x', value: 'y'.repeat(99) }, 'a name'), /a name was expected, not "y{59}…$/],
])('says where, what was expected and what is there (%#)', (act, message) => {
  expect(act).toThrow(message);
});
