/** @file Values in messages. */
import { expect, test } from 'vitest';
import { showValue } from './show-value.js';

test.each<[unknown, string]>([
  ['a "text"', '"a \\"text\\""'],
  [0.5, '0.5'],
  [Number.NaN, 'NaN'],
  [undefined, 'undefined'],
  [null, 'null'],
  [9007199254740993n, '9007199254740993'],
  [[1, Number.NaN, undefined, 'a'], '[1,NaN,undefined,"a"]'],
  [{ id: 9007199254740993n, none: undefined, list: [true] }, '{"id":9007199254740993,"list":[true]}'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [() => 1, 'a function'],
  [Symbol('s'), 'Symbol(s)'],
])('%o', (value, expected) => {
  expect(showValue(value)).toBe(expected);
});

test('an object that holds itself', () => {
  const loop: unknown[] = [];
  loop.push(loop);
  expect(showValue(loop)).toBe('[[[[[[...]]]]]]');
});
