import { expect, test } from 'vitest';
import { disagreements, drawClassified, drawLabelled } from '../../testing/scored-cases.js';
import { rocAuc, rocAucMultiLabel, rocAucOneVersusRest } from './roc-auc.js';

test("one label: equals scikit-learn's, 1,000 drawn cases", () => {
  const found = disagreements('probabilities', (seed) => {
    const { references, probabilities, labels, isPositive, scores } = drawClassified(seed);
    return {
      rocAuc: rocAuc(isPositive, scores),
      ovrMacro: rocAucOneVersusRest(references, probabilities, labels),
      ovrWeighted: rocAucOneVersusRest(references, probabilities, labels, 'weighted'),
    };
  });
  expect(found).toEqual([]);
});

test("several labels: scikit-learn's, 1,000 drawn cases", () => {
  const found = disagreements('multi-label-probabilities', (seed) => {
    const { applies, scores } = drawLabelled(seed);
    return {
      rocAucMacro: rocAucMultiLabel(applies, scores),
      rocAucWeighted: rocAucMultiLabel(applies, scores, 'weighted'),
      rocAucMicro: rocAucMultiLabel(applies, scores, 'micro'),
      rocAucSamples: rocAucMultiLabel(applies, scores, 'samples'),
    };
  });
  expect(found).toEqual([]);
});

test('is not defined for one class; a class that does not occur counts in macro, not in weighted', () => {
  expect(rocAuc([true, true], [0.1, 0.2])).toBeNaN();
  const rows = [
    [0.7, 0.2, 0.1],
    [0.3, 0.5, 0.2],
  ];
  expect(rocAucOneVersusRest(['a', 'b'], rows, ['a', 'b', 'c'])).toBeNaN();
  expect(rocAucOneVersusRest(['a', 'b'], rows, ['a', 'b', 'c'], 'weighted')).toBe(1);
});

test('all scores alike are as good as guessing', () => {
  expect(rocAuc([true, false, false], [0.3, 0.3, 0.3])).toBe(0.5);
});

test('refuses what cannot be measured', () => {
  expect(() => rocAuc([true], [1, 2])).toThrow('rocAuc: 1 classes, but 2 scores');
  expect(() => rocAuc([], [])).toThrow('rocAuc: no examples');
  expect(() => rocAuc([true, false], [0.5, Number.NaN])).toThrow('scores[1] is NaN; a finite number was expected');
  expect(() => rocAucOneVersusRest(['d'], [[1]], ['a'])).toThrow('references[0] is "d"');
  expect(() => rocAucMultiLabel([[true]], [])).toThrow('1 examples, but 0 rows of scores');
});
