/** @file Cross-entropy against PyTorch's (fixtures/bert/losses.json, made by bench/peers/loss_fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { crossEntropy } from '../../exports/nn.js';
import { gradient, tensor } from '../../exports/tensor.js';

interface Case {
  name: string;
  logits: number[][];
  labels: number[];
  options: { weight: number[] | null; ignore_index: number; label_smoothing: number };
  loss: number;
  gradient: number[][];
}

const cases = JSON.parse(
  readFileSync(new URL('../../../fixtures/bert/losses.json', import.meta.url), 'utf8'),
) as Case[];

describe('cross-entropy', () => {
  test.each(cases.map((each) => [each.name, each] as const))(
    '%s',
    async (_, { logits, labels, options, ...expected }) => {
      const x = tensor(logits);
      const loss = crossEntropy(x, tensor(labels, { dtype: 'int64' }), {
        ...(options.weight && { classWeights: options.weight }),
        ignoreIndex: options.ignore_index,
        labelSmoothing: options.label_smoothing,
      });
      expect(await loss.item()).toBeCloseTo(expected.loss, 5);
      const [dx] = gradient(loss, [x]);
      const found = Array.from((await dx?.data()) as Float32Array);
      for (const [i, value] of expected.gradient.flat().entries()) expect(found[i]).toBeCloseTo(value, 6);
    },
  );

  test('class weights that do not fit the classes', () => {
    const labels = tensor([0], { dtype: 'int64' });
    expect(() => crossEntropy(tensor([[1, 2]]), labels, { classWeights: [1] })).toThrow(
      '1 class weights were given for 2 classes',
    );
  });
});
