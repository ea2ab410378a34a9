import { expect, test } from 'vitest';
import { FileLabels } from './label-values.js';

function labelsOf(cells: { line: number; value: unknown }[], path: string, source: 'text' | 'values') {
  const labels = new FileLabels({ path, unit: 'line' }, source);
  for (const { line, value } of cells) labels.look(line, value);
  return cells.map(({ value }) => labels.read(value));
}
const labelsFromText = (cells: { line: number; value: unknown }[], path: string) => labelsOf(cells, path, 'text');
const labelsFromJson = (cells: { line: number; value: unknown }[], path: string) => labelsOf(cells, path, 'values');

const cells = (values: unknown[]) => values.map((value, index) => ({ line: index + 2, value }));

test.each([
  [
    ['0', '1', '0'],
    [0, 1, 0],
  ],
  [
    ['-1', ' 2 '],
    [-1, 2],
  ],
  [
    ['5.0', '4.75'],
    [5, 4.75],
  ],
  [
    ['1', '0.5', '1e-3', '+.5'],
    [1, 0.5, 0.001, 0.5],
  ],
  [
    ['yes', ' no '],
    ['yes', 'no'],
  ],
  [
    ['007', '7'],
    ['007', '7'],
  ],
  [
    ['12345678901234567890', '12345678901234567891'],
    ['12345678901234567890', '12345678901234567891'],
  ],
  [
    ['1.0', '0.0'],
    [1, 0],
  ],
  [
    ['1.0', '007'],
    ['1.0', '007'],
  ],
  [
    ['1e5', '2e5'],
    ['1e5', '2e5'],
  ],
  [
    ['9007199254740993.0', '1'],
    ['9007199254740993.0', '1'],
  ],
  [
    ['inf', 'Infinity'],
    ['inf', 'Infinity'],
  ],
  [
    ['好评', '差评'],
    ['好评', '差评'],
  ],
])('labels from text: %j are %j', (texts, labels) => {
  expect(labelsFromText(cells(texts), 'a.tsv')).toEqual(labels);
});

test('labels from text that are numbers and words are refused, with both places', () => {
  expect(() => labelsFromText(cells(['1', '0', 'label', '1']), 'a.tsv')).toThrow(
    'a.tsv:4: the label is the word "label", but the number 1 on line 2. All labels must be of one kind.',
  );
});

test.each(['[1, 0]', '[0. 1. 0.]', "['a', 'b']", '["toxic"]', '[]', '[True, False]', '[1e-05,\n 2]'])(
  'a list in a cell of text is no name: %j',
  (text) => {
    expect(() => labelsFromText(cells(['[1, 0]', text]), 'a.csv')).toThrow(
      'a.csv:2: the label is [1, 0], a list, which a cell of text cannot hold. JSON Lines has lists of labels: {"text"',
    );
    expect(() => labelsFromText(cells([text]), 'a.csv')).toThrow(`a.csv:2: the label is ${text}, a list`);
  },
);

test('names in brackets are names, and long ones are told in no time', () => {
  const names = ['[PER]', '[e]', '[1, 0', `[${'1'.repeat(50_000)}x]`];
  expect(labelsFromText(cells(names), 'a.csv')).toEqual(names);
});

test('a number that is none is refused', () => {
  expect(() => labelsFromText(cells(['1', '1e999']), 'a.tsv')).toThrow(
    'a.tsv:3: the label is 1e999, which is no finite',
  );
});

test.each([
  [
    [0, 1],
    [0, 1],
  ],
  [
    [0.5, 1],
    [0.5, 1],
  ],
  [
    ['1', ' b '],
    ['1', 'b'],
  ],
  [
    [['a', ' b'], []],
    [['a', 'b'], []],
  ],
  [[[3, 0]], [['3', '0']]],
  [
    [true, false],
    ['true', 'false'],
  ],
  [
    [1, 9007199254740993n],
    ['1', '9007199254740993'],
  ],
  [
    [0.5, 9007199254740992n],
    [0.5, 9007199254740992],
  ],
  [[[9007199254740993n, 1]], [['9007199254740993', '1']]],
])('labels from JSON: %o are %j', (values, labels) => {
  expect(labelsFromJson(cells(values), 'a.jsonl')).toEqual(labels);
});

test.each([
  [[1, 'b'], 'a.jsonl:3: the label is the word "b", but the number 1 on line 2'],
  [['b', ['b']], 'a.jsonl:3: the label is the list ["b"], but the word "b" on line 2'],
  [
    [{ name: 'b' }],
    'a.jsonl:2: the label is {"name":"b"}; expected a string, a number, a boolean or an array of strings',
  ],
  [[true, 'true'], 'a.jsonl:3: the label is the word "true", but the boolean true on line 2'],
  [[1, Number.POSITIVE_INFINITY], 'a.jsonl:3: the label is Infinity, which is no finite number'],
  [[[true, false]], 'a.jsonl:2: a list of labels holds true; expected names of classes'],
  [[[0.5, 1]], 'a.jsonl:2: a list of labels holds 0.5; expected names of classes'],
  [[['a', null]], 'a.jsonl:2: a list of labels holds null; expected names of classes'],
  [[['a', '']], 'a.jsonl:2: a list of labels holds ""'],
  [[[0, 1, 0]], 'a.jsonl:2: a list of labels holds "0" twice'],
])('labels from JSON: %j are refused', (values, message) => {
  expect(() => labelsFromJson(cells(values), 'a.jsonl')).toThrow(message);
});
