import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { broadcastShapes, type Dimension, product, quotient } from './shape.js';

const dimension = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom('batch', 'sequence', 'memory'));

describe('named dimensions', () => {
  test('products have one canonical form, whatever their order', () => {
    expect(product(['sequence', 12, 'batch'])).toBe('12*batch*sequence');
    fc.assert(
      fc.property(fc.array(dimension), (dimensions) => {
        expect(product([...dimensions].reverse())).toBe(product(dimensions));
      }),
    );
  });

  test('a product divided by one of its parts gives the rest', () => {
    fc.assert(
      fc.property(fc.array(dimension), dimension, (rest, part) => {
        expect(quotient(product([...rest, part]), part)).toBe(product(rest));
      }),
    );
    expect(quotient('batch', 'sequence')).toBeUndefined();
    expect(quotient(10, 4)).toBeUndefined();
  });
});

describe('broadcasting', () => {
  test('aligns at the right, and a 1 stretches', () => {
    expect(broadcastShapes('add', ['batch', 1, 4], [3, 1])).toEqual(['batch', 3, 4]);
  });

  test('does not depend on the order of the two', () => {
    const shape = fc.array(fc.constantFrom<Dimension>(1, 'batch'), { maxLength: 4 });
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        expect(broadcastShapes('add', a, b)).toEqual(broadcastShapes('add', b, a));
      }),
    );
  });

  test('says both shapes where they do not fit', () => {
    expect(() => broadcastShapes('add', ['batch', 3], [4])).toThrow('add: shapes do not broadcast: [batch, 3] and [4]');
  });
});
