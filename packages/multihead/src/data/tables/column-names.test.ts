import { expect, test } from 'vitest';
import { columnNumber, findByName, isUsualName, isWantedName } from './column-names.js';

const none = { text: undefined, textPair: undefined, label: undefined };

test.each([
  [['text', 'category'], { text: 0, label: 1 }],
  [['label', 'text_a'], { text: 1, label: 0 }],
  [['sentence1', 'sentence2', 'score'], { text: 0, textPair: 1, label: 2 }],
  [[' Review ', 'SENTIMENT', 'id'], { text: 0, label: 1 }],
  [['premise', 'hypothesis', 'label', 'intent'], { text: 0, textPair: 1, label: 2 }],
  [['内容', '标签'], { text: 0, label: 1 }],
  [['id', 'name'], {}],
])('usual names: %j', (header, expected) => {
  expect(findByName(header, none, 'a.csv')).toEqual(expected);
});

test('what the user names comes first', () => {
  const header = ['id', 'News', 'text', 'Price Sentiment'];
  expect(findByName(header, { ...none, text: 'news', label: 'Price Sentiment' }, 'a.csv')).toEqual({
    text: 1,
    label: 3,
  });
  expect(findByName(header, { ...none, label: 3 }, 'a.csv')).toEqual({ text: 2, label: 3 });
  expect(findByName(['1', '0'], { ...none, text: '0', label: '1' }, 'a.csv')).toEqual({ text: 1, label: 0 });
});

test('refuses names that are missing, ambiguous or there twice', () => {
  const find = (header: string[], wanted = {}) => findByName(header, { ...none, ...wanted }, 'a.csv');
  expect(() => find(['text', 'category'], { label: 'intent' })).toThrow(
    'a.csv: no column "intent" (`label`). The columns are "text", "category".',
  );
  expect(() => find(['text', 'category'], { label: 2 })).toThrow('a.csv: no column 2 (`label`)');
  expect(() => find(['question', 'sentence', 'label'])).toThrow(
    'a.csv: the text could be "question", "sentence". Name the one by `text`',
  );
  expect(() => find(['text', 'label', 'Label'])).toThrow('a.csv: the label could be "label", "Label"');
  expect(() => find(['text', 'x', 'x'], { label: 'x' })).toThrow('a.csv: 2 columns are named "x"');
});

test('a name of a column is a usual one, or one that the user gave', () => {
  expect(isUsualName(' Text')).toBe(true);
  expect(isUsualName('some text')).toBe(false);
  expect(isWantedName('cls', { ...none, label: 'Cls' })).toBe(true);
  expect(isWantedName('undefined', none)).toBe(false);
  expect(isWantedName('1', { ...none, label: '1', text: 1 })).toBe(false);
});

test('a reference by digits is a number', () => {
  expect([columnNumber(2), columnNumber('2'), columnNumber('two'), columnNumber(-1)]).toEqual([
    2,
    2,
    undefined,
    undefined,
  ]);
});
