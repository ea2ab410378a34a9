/** @file Cutting by numbers. Texts are cut as Python cuts them in tokenizer.test.ts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { truncatedLengths, windows } from './truncation.js';

describe('truncation', () => {
  test.each<[number, number, number, Parameters<typeof truncatedLengths>[2], [number, number]]>([
    [3, 4, 10, 'longest_first', [3, 4]],
    [20, 3, 10, 'longest_first', [7, 3]],
    [3, 20, 10, 'longest_first', [3, 7]],
    [20, 20, 9, 'longest_first', [4, 5]],
    [21, 20, 9, 'longest_first', [5, 4]],
    [20, 0, 9, 'longest_first', [9, 0]],
    [20, 4, 10, 'only_first', [6, 4]],
    [4, 20, 10, 'only_second', [4, 6]],
  ])('%i and %i tokens into %i, %s', (first, second, room, how, expected) => {
    expect(truncatedLengths([first, second], room, how)).toEqual(expected);
  });

  test('longest_first fills the room, and cuts nothing else', () => {
    const length = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(length, length, fc.integer({ min: 1, max: 60 }), (first, second, room) => {
        const cut = truncatedLengths([first, second], room, 'longest_first');
        expect(cut[0] + cut[1]).toBe(Math.min(room, first + second));
        expect(cut[0] <= first && cut[1] <= second).toBe(true);
      }),
    );
  });

  test('refuses to leave nothing of a text, with the numbers', () => {
    expect(() => truncatedLengths([9, 4], 9, 'only_second')).toThrow(
      'the second text would have to lose 4 tokens and has only 4',
    );
    expect(() => truncatedLengths([3, 12], 9, 'only_first')).toThrow(
      'the first text would have to lose 6 tokens and has only 3',
    );
  });
});

describe('windows', () => {
  test('overlap by the stride, and end with the text', () => {
    expect(windows(10, 6, 2)).toEqual([
      [0, 6],
      [4, 10],
    ]);
    expect(windows(11, 6, 2)).toEqual([
      [0, 6],
      [4, 10],
      [8, 11],
    ]);
  });
  test('are counted from the end where texts are cut at the left', () =>
    expect(windows(11, 6, 2, 'left')).toEqual([
      [0, 3],
      [1, 7],
      [5, 11],
    ]));
  test('an empty text has one', () => expect(windows(0, 6, 2)).toEqual([[0, 0]]));
  test('that could not move on are refused, with the numbers', () =>
    expect(() => windows(10, 4, 4)).toThrow('a stride of 4 tokens does not fit a window with room for 4 tokens'));
});
