import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelSet } from './label-set.js';
import type { Label } from './label-values.js';

const examples = (labels: Label[]) => labels.map((label) => ({ label }));

test.each([
  ['words', ['b', 'a', 'b'], { problemType: 'single_label_classification', names: ['a', 'b'] }],
  ['capitals come first', ['b', 'B', 'a'], { problemType: 'single_label_classification', names: ['B', 'a', 'b'] }],
  ['code points', ['😀', '～', '中'], { problemType: 'single_label_classification', names: ['中', '～', '😀'] }],
  ['prefixes', ['ab', 'a'], { problemType: 'single_label_classification', names: ['a', 'ab'] }],
  ['integers', [10, 9, -1], { problemType: 'single_label_classification', names: ['-1', '9', '10'] }],
  ['integers as words', ['10', '9'], { problemType: 'single_label_classification', names: ['9', '10'] }],
  [
    'integers beyond 2^53',
    ['9007199254740993', '1', '9007199254740992'],
    { problemType: 'single_label_classification', names: ['1', '9007199254740992', '9007199254740993'] },
  ],
  ['codes', ['10', '09'], { problemType: 'single_label_classification', names: ['09', '10'] }],
  ['numbers', [1, 0.5, 2], { problemType: 'regression', names: [] }],
  ['numbers beyond 2^53', [1e20, 0.5, -(2 ** 60)], { problemType: 'regression', names: [] }],
  ['lists', [['b'], [], ['b', 'a']], { problemType: 'multi_label_classification', names: ['a', 'b'] }],
  ['lists of integers', [['10'], ['9', '10']], { problemType: 'multi_label_classification', names: ['9', '10'] }],
] as const)('%s', (_, labels, expected) => {
  expect(labelSet(examples(labels as unknown as Label[]))).toEqual(expected);
});

test('does not depend on the order of the examples', () => {
  const labels = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }), { minLength: 2 });
  fc.assert(
    fc.property(labels, (words) => {
      fc.pre(new Set(words).size > 1);
      const { names } = labelSet(examples(words));
      expect(labelSet(examples(words.toReversed())).names).toEqual(names);
      expect(new Set(names)).toEqual(new Set(words));
    }),
  );
});

test('refuses what is no labelled data set', () => {
  expect(() => labelSet([])).toThrow('no examples');
  expect(() => labelSet([{ label: 'a' }, { line: 7 }])).toThrow('example 1 (line 7 of its file) has no label');
  expect(() => labelSet(examples(['a', 'a']))).toThrow('every example has the label "a"');
  expect(() => labelSet(examples(['a', 'a']), 'a.csv')).toThrow('a.csv: every example has the label "a"');
  expect(() => labelSet(examples([0, 1, Number.NaN]))).toThrow('the label NaN is none');
  expect(() => labelSet(examples([0, 2 ** 53]))).toThrow('the label 9007199254740992 is none');
  expect(() => labelSet(examples([0.5, Number.POSITIVE_INFINITY]))).toThrow('the label Infinity is none');
  expect(() => labelSet(examples([true, false] as unknown as Label[]))).toThrow('the label true is none');
  expect(() => labelSet(examples([[1]] as unknown as Label[]))).toThrow('the label [1] is none');
  expect(() => labelSet(examples(['a', 1]))).toThrow('the labels are of different kinds (string, number)');
  expect(() => labelSet(examples(['a', ['a']]))).toThrow('of different kinds (string, list)');
  expect(() => labelSet(examples([[], []]))).toThrow('every list of labels is empty');
});
