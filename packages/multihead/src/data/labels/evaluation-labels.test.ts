import { expect, test } from 'vitest';
import { labelsWithEvaluation } from './evaluation-labels.js';
import { labelSet } from './label-set.js';
import type { Label } from './label-values.js';

const examples = (labels: Label[]) => labels.map((label, i) => ({ label, line: i + 2 }));
const where = { training: 'train.csv', evaluation: 'dev.csv' };
const both = (train: Label[], evaluation: Label[], allowUnseen = false) =>
  labelsWithEvaluation(labelSet(examples(train)), examples(evaluation), { ...where, allowUnseen });

test.each<[Label[], Label[], string[]]>([
  [['a', 'b'], ['b'], ['a', 'b']],
  [
    [0, 1],
    ['LABEL_1', '0'],
    ['0', '1'],
  ],
  [['007', '8'], [8], ['007', '8']],
  [['true', 'false'], ['True'], ['false', 'true']],
  [
    [['a'], ['b']],
    [['b', 'a'], []],
    ['a', 'b'],
  ],
  [[0.5, 1], [3], []],
])('labels %j, evaluated on %j', (train, evaluation, names) => {
  expect(both(train, evaluation).names).toEqual(names);
});

test.each<[Label[], Label[], string[], string]>([
  [
    ['a', 'b'],
    ['b', 'c', 'd'],
    ['a', 'b', 'c', 'd'],
    'dev.csv: no example of train.csv has the labels "c", "d", so a model',
  ],
  [['b', 'c'], ['a'], ['b', 'c', 'a'], 'no example of train.csv has the label "a", so'],
  [[['a'], ['b']], [['c', 'a']], ['a', 'b', 'c'], 'no example of train.csv has the label "c", so'],
])('labels %j lack some of %j: an error, unless it is allowed', (train, evaluation, names, message) => {
  expect(() => both(train, evaluation)).toThrow(message);
  expect(both(train, evaluation, true).names).toEqual(names);
});

test.each<[Label[], Label[], string]>([
  [
    ['a', 'b'],
    ['a', ['a']],
    'dev.csv: the label ["a"] (line or row 3) is not a single label, as the labels of train.csv are',
  ],
  [[['a'], ['b']], ['a'], 'the label "a" (line or row 2) is not a list'],
  [[0.5, 1], [1, 'b'], 'the label "b" (line or row 3) is not a number'],
])('labels %j and %j are of different kinds', (train, evaluation, message) => {
  expect(() => both(train, evaluation, true)).toThrow(message);
});

test('of many, some are named', () => {
  const many = Array.from({ length: 12 }, (_, i) => `new ${i}`);
  expect(() => both(['a', 'b'], many)).toThrow('"new 9", … 12 in all, so');
});
