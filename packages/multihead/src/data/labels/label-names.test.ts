import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOrderOf, labelIds } from './label-names.js';

test.each<[string[], string, number | undefined]>([
  [['positive', 'negative'], 'negative', 1],
  [['LABEL_0', 'LABEL_1'], '1', 1],
  [['0', '1'], 'LABEL_1', 1],
  [['10', '9'], 'LABEL_9', 1],
  [['False', 'True'], 'true', 1],
  [['LABEL_1', 'LABEL_0'], '0', 1],
  [['LABEL_0', '0'], '0', 1],
  [['True', 'true'], 'TRUE', undefined],
  [['LABEL_00', 'b'], '0', undefined],
  [['negative', 'positive'], '1', undefined],
  [['a', 'b'], 'A', undefined],
])('of the classes %j, %j is %j', (names, name, id) => {
  expect(labelIds(names)(name)).toBe(id);
});

test.each<[string[], string[], string[] | undefined]>([
  [
    ['positive', 'negative', 'neutral'],
    ['negative', 'neutral', 'positive'],
    ['positive', 'negative', 'neutral'],
  ],
  [
    ['LABEL_0', 'LABEL_1'],
    ['1', '0'],
    ['0', '1'],
  ],
  [
    ['1', '0'],
    ['LABEL_0', 'LABEL_1'],
    ['LABEL_1', 'LABEL_0'],
  ],
  [['a', 'b'], ['a', 'b', 'c'], undefined],
  [['a', 'b', 'c'], ['a', 'b'], undefined],
  [['a', 'b'], ['a', 'c'], undefined],
  [['0', '1'], ['0', 'LABEL_0'], undefined],
])("in the model's order %j, %j is %j", (model, names, ordered) => {
  expect(inOrderOf(model, names)).toEqual(ordered);
});

test("any order of the same names becomes the model's", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), fc.infiniteStream(fc.nat()), (model, draws) => {
      const weights = new Map(model.map((name) => [name, draws.next().value as number]));
      const shuffled = model.toSorted((a, b) => (weights.get(a) ?? 0) - (weights.get(b) ?? 0));
      expect(inOrderOf(model, shuffled)).toEqual(model);
    }),
  );
});
