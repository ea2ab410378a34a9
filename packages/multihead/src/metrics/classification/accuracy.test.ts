import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accuracy } from './accuracy.js';

test('counts what is right', () => {
  expect(accuracy(['yes', 'no', 'no'], ['yes', 'yes', 'no'])).toBe(2 / 3);
  expect(accuracy([0, 1], [1, 0])).toBe(0);
});

test('is 1 exactly where all predictions are right', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1 }), (pairs) => {
      const references = pairs.map(([reference]) => reference);
      const predictions = pairs.map(([, prediction]) => prediction);
      expect(accuracy(references, references)).toBe(1);
      expect(accuracy(references, predictions) === 1).toBe(pairs.every(([a, b]) => a === b));
    }),
  );
});

test('refuses lists that do not correspond', () => {
  expect(() => accuracy([1], [])).toThrow('accuracy: 1 references but 0 predictions');
});
