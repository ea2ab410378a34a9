import { describe, expect, test } from 'vitest';
import { checkDistribution, contains, type Distribution } from './distribution.js';
import { checkSpace, isActive } from './search-space.js';
import { fromUnit } from './unit-interval.js';

const checked = (given: object) => checkDistribution('rate', given as Distribution);

describe('a distribution', () => {
  test.each([
    [{ type: 'float', low: 2, high: 1 }, 'rate: low (2) is above high (1); no value lies between them'],
    [
      { type: 'float', low: 0, high: 1, log: true },
      'rate: low is 0, which has no logarithm; with log it must be above 0',
    ],
    [{ type: 'int', low: 0, high: 4, log: true }, 'with log it must be from 1'],
    [{ type: 'int', low: 0.5, high: 4 }, 'rate: 0.5 is not a whole number'],
    [{ type: 'float', low: 1, high: 4, log: true, step: 1 }, 'rate: log and step exclude each other'],
    [{ type: 'categorical', choices: [] }, 'rate: choices is []; it must be a list of one or more numbers, texts'],
    [{ low: 1, high: 2 }, 'rate: type is undefined; it must be float, int or categorical. A distribution is'],
    [{ type: 'categorical', choices: [1, 1] }, 'rate: the choice 1 is listed twice'],
    [{ type: 'float', low: 1 }, 'rate: high is undefined; it must be a number'],
    [{ type: 'float', low: '1', high: 2 }, 'rate: low is "1"; it must be a number'],
    [{ type: 'int', low: 1, high: 4, step: 0 }, 'rate: step is 0; it must be a whole number from 1'],
    [{ type: 'toString', low: 1, high: 2 }, 'rate: type is "toString"; it must be'],
    [{ type: 'flaot', low: 1, high: 2 }, 'rate: type is "flaot"'],
    [
      { type: 'float', low: 1, high: 2, hihg: 3 },
      'rate: there is no option "hihg"; there are: type, low, high, log, step. Did you mean high?',
    ],
  ])('%j is refused', (given, message) => {
    expect(() => checked(given)).toThrow(message);
  });

  test('ends at the last step', () => {
    expect(checked({ type: 'float', low: 0, high: 0.3, step: 0.1 })).toMatchObject({ high: 0.3 });
    expect(checked({ type: 'int', low: 1, high: 10, step: 4 })).toMatchObject({ high: 9 });
  });
});

describe('values at places of the unit interval', () => {
  const at = (given: object, ...units: number[]) => units.map((unit) => fromUnit(checked(given), unit));

  test('each step has its part', () => {
    expect(at({ type: 'int', low: 1, high: 4 }, 0, 0.24, 0.26, 0.99)).toEqual([1, 1, 2, 4]);
    expect(at({ type: 'float', low: 0, high: 0.3, step: 0.1 }, 0, 0.3, 0.6, 0.99)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(at({ type: 'categorical', choices: ['a', 'b'] }, 0.49, 0.5)).toEqual([0, 1]);
  });

  test('logarithms are uniform', () => {
    expect(at({ type: 'float', low: 1e-4, high: 1, log: true }, 0, 0.25, 0.5)).toEqual([
      expect.closeTo(1e-4, 12),
      expect.closeTo(1e-3, 12),
      expect.closeTo(1e-2, 12),
    ]);
    expect(at({ type: 'int', low: 1, high: 64, log: true }, 0, 0.999)).toEqual([1, 64]);
  });

  test('are values of the distribution', () => {
    const distributions: object[] = [
      { type: 'float', low: -3, high: 7 },
      { type: 'float', low: 0.1, high: 0.7, step: 0.2 },
      { type: 'int', low: -5, high: 5, step: 3 },
      { type: 'int', low: 3, high: 100, log: true },
    ];
    for (const distribution of distributions.map(checked)) {
      for (let unit = 0; unit < 1; unit += 0.01) {
        expect(contains(distribution, fromUnit(distribution, unit)), JSON.stringify([distribution, unit])).toBe(true);
      }
    }
  });
});

describe('a space', () => {
  const method = { type: 'categorical', choices: ['full', 'lora'] };

  test.each([
    [{}, 'there is nothing to search'],
    [[], 'an object of parameters was expected, such as {"learning-rate": {'],
    [{ a: [] }, 'space: a: choices is []'],
    [{ a: 3 }, 'space: a: is 3; a distribution was expected'],
    [
      { rank: { type: 'int', low: 1, high: 2, when: { method: 'lora' } }, method },
      'rank: depends on method, which must be listed before it in the space',
    ],
    [
      { method, rank: { type: 'int', low: 1, high: 2, when: { method: 'none' } } },
      'depends on method being "none", a value that method cannot have',
    ],
    [{ method, rank: { type: 'int', low: 1, high: 2, when: 'lora' } }, 'rank: when is "lora"; an object was expected'],
  ])('%j is refused', (given, message) => {
    expect(() => checkSpace(given)).toThrow(message);
  });

  test('has choices as lists', () => {
    const declared = { method: ['full', 'lora'], rank: { type: 'int', low: 1, high: 2, when: { method: 'lora' } } };
    expect(checkSpace(declared).method).toEqual(method);
  });

  test('has parameters for some values of others only', () => {
    const space = checkSpace({ method, rank: { type: 'int', low: 1, high: 2, when: { method: ['lora'] } } });
    const rank = space.rank as (typeof space)[string];
    expect(isActive(rank, { method: 'lora' })).toBe(true);
    expect(isActive(rank, { method: 'full' })).toBe(false);
    expect(isActive(rank, {})).toBe(false);
  });
});
