import { expect, test } from 'vitest';
import { fingerprintOfFeatures, tokenFeature } from './feature.js';

const of = (inputIds: number[], tokenTypeIds: number[], target?: number[]) =>
  tokenFeature({ inputIds, tokenTypeIds }, target && { target });

test('features of tokens differ by tokens, by where one ends, by segment and by target', () => {
  const feature = of([1, 2], [0, 0], [0]);
  const others = [
    [of([2, 1], [0, 0], [0])],
    [of([1, 2], [0, 1], [0])],
    [of([1, 2], [0, 0], [1])],
    [of([1, 2], [0, 0])],
    [feature, feature],
    [of([1], [0], [0]), of([2], [0], [0])],
  ];
  const marks = [[feature], ...others].map(fingerprintOfFeatures);
  expect(new Set(marks).size).toBe(marks.length);
  expect(fingerprintOfFeatures([of([1, 2], [0, 0], [0])])).toBe(marks[0]);
});

test('of tokens, what else the task keeps is no part of it, and the value is that of earlier versions', () => {
  const feature = tokenFeature({ inputIds: [101, 7592, 102], tokenTypeIds: [0, 0, 0] }, { target: 3 });
  expect(feature).toEqual({ length: 3, inputIds: [101, 7592, 102], tokenTypeIds: [0, 0, 0], target: 3 });
  expect(fingerprintOfFeatures([feature])).toBe('8473ea1306c8a96a');
  expect(fingerprintOfFeatures([Object.assign(feature, { words: ['a'] })])).toBe('8473ea1306c8a96a');
});

test('features of other kinds differ by all that they hold, numbers bit by bit, unless they say what counts', () => {
  const series = (values: number[], target = 1) => ({
    length: values.length,
    values: Float32Array.from(values),
    target,
  });
  const others = [[series([0, 1])], [series([0, 1 + 2 ** -23])], [series([0, 1], 2)], [series([0]), series([1])]];
  const marks = others.map(fingerprintOfFeatures);
  expect(new Set(marks).size).toBe(marks.length);
  expect(fingerprintOfFeatures([series([0, 1])])).toBe(marks[0]);
  const byName = (name: string, values: number[]) => ({
    ...series(values),
    fingerprint: (add: (part: number | string) => void) => add(name),
  });
  expect(fingerprintOfFeatures([byName('a', [1])])).toBe(fingerprintOfFeatures([byName('a', [2])]));
  expect(fingerprintOfFeatures([byName('a', [1])])).not.toBe(fingerprintOfFeatures([byName('b', [1])]));
});
