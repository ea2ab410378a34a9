import { expect, test } from 'vitest';
import { labelIndex } from './label-index.js';

test('finds the place of a label', () => {
  const indexOf = labelIndex('accuracy', ['no', 'yes']);
  expect(indexOf('yes', 'references', 0)).toBe(1);
});

test('says where an unknown label stands, and which there are', () => {
  const indexOf = labelIndex('confusionMatrix', ['no', 'yes']);
  expect(() => indexOf('maybe', 'predictions', 7)).toThrow(
    'confusionMatrix: predictions[7] is "maybe", which is not among the labels: no, yes',
  );
});

test('lists no more than twenty of many labels', () => {
  const labels = Array.from({ length: 150 }, (_, index) => `class${index}`);
  expect(() => labelIndex('accuracy', labels)('x', 'references', 0)).toThrow(/class19, …$/);
});

test('refuses a label that is listed twice', () => {
  expect(() => labelIndex('accuracy', ['a', 'b', 'a'])).toThrow('accuracy: the label "a" is listed twice');
});
