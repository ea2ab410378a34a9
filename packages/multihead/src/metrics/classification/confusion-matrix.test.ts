import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confusionMatrix } from './confusion-matrix.js';

test('has references in rows and predictions in columns', () => {
  const matrix = confusionMatrix(['no', 'yes', 'yes'], ['no', 'no', 'yes'], ['no', 'yes', 'maybe']);
  expect(matrix).toEqual([
    [1, 0, 0],
    [1, 1, 0],
    [0, 0, 0],
  ]);
});

test('counts every example once', () => {
  const labels = ['a', 'b', 'c'];
  const label = fc.constantFrom(...labels);
  fc.assert(
    fc.property(fc.array(fc.tuple(label, label), { minLength: 1 }), (pairs) => {
      const references = pairs.map(([reference]) => reference);
      const predictions = pairs.map(([, prediction]) => prediction);
      const matrix = confusionMatrix(references, predictions, labels);
      expect(matrix.flat().reduce((sum, count) => sum + count, 0)).toBe(pairs.length);
      for (const [index, name] of labels.entries()) {
        const support = references.filter((reference) => reference === name).length;
        expect(matrix[index]?.reduce((sum, count) => sum + count, 0)).toBe(support);
      }
    }),
  );
});

test('refuses a class that is not among the labels', () => {
  expect(() => confusionMatrix(['a'], ['b'], ['a'])).toThrow('predictions[0] is "b"');
});
