import { describe, expect, test } from 'vitest';
import { checkFeatures, checkWhole, maxLengthFor } from './validate-features.js';

describe('whole numbers', () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is none from 1', (batchSize) => {
    expect(() => checkWhole({ batchSize })).toThrow(`batchSize is ${batchSize}; it must be a whole number from 1`);
  });

  test('may be 0 where that makes sense, and may be left out', () => {
    expect(() => checkWhole({ stride: 0, other: undefined }, 0)).not.toThrow();
    expect(() => checkWhole({ stride: -1 }, 0)).toThrow('stride is -1; it must be a whole number from 0');
  });
});

describe('the maximum length', () => {
  const model = { maxLength: 64 };

  test('is what was asked for, or the usual one, as far as the model goes', () => {
    expect(maxLengthFor(model, 30, 128)).toBe(30);
    expect(maxLengthFor(model, undefined, 48)).toBe(48);
    expect(maxLengthFor(model, undefined, 128)).toBe(64);
  });

  test('beyond the model is refused', () => {
    expect(() => maxLengthFor(model, 65, 128)).toThrow('maxLength is 65, but the model reads no more than 64 tokens');
  });
});

describe('features that the model cannot read are refused in words', () => {
  const model = { maxLength: 3, vocabSize: 10 };
  const feature = (...inputIds: number[]) => ({ inputIds, tokenTypeIds: inputIds.map(() => 0) });

  test('too long', () => {
    expect(() => checkFeatures([feature(1, 2, 3)], model)).not.toThrow();
    expect(() => checkFeatures([feature(1), feature(1, 2, 3, 4)], model)).toThrow(
      'a text of 4 tokens, but the model reads no more than 3. Give the task maxLength: 3 or less.',
    );
  });

  test('with a token that it does not have', () => {
    expect(() => checkFeatures([feature(9)], model)).not.toThrow();
    expect(() => checkFeatures([feature(1, 10)], model)).toThrow("token number 10, but the model's vocabulary has 10");
  });
});
