import { describe, expect, test } from 'vitest';
import { balancedClassWeights, classWeightsByName } from './class-weights.js';

describe('class weights', () => {
  test('that are balanced make up for how often a class occurs, as in scikit-learn', () => {
    // compute_class_weight('balanced', classes=['a', 'b', 'c'], y=list('aaaaaabbbc'))
    expect(balancedClassWeights([...'aaaaaabbbc'], ['a', 'b', 'c'])).toEqual([10 / 18, 10 / 9, 10 / 3]);
    expect(() => balancedClassWeights(['a'], ['a', 'b'])).toThrow('no training example has the label "b"');
  });

  test('by name are 1 for the others', () => {
    expect(classWeightsByName({ b: 2.5 }, ['a', 'b'])).toEqual([1, 2.5]);
    expect(() => classWeightsByName({ c: 1 }, ['a', 'b'])).toThrow('"c" is no label; there are: a, b');
    expect(() => classWeightsByName({ a: 0 }, ['a', 'b'])).toThrow('a weighs 0; a number above 0 was expected');
    expect(classWeightsByName({}, ['constructor'])).toEqual([1]);
  });
});
