/** @file The supervised contrastive loss against its formula in PyTorch (bench/peers/contrastive_fixtures.py). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { supervisedContrastive } from '../../exports/nn.js';
import { gradient, tensor } from '../../exports/tensor.js';

interface Case {
  name: string;
  vectors: number[][];
  labels: number[];
  temperature: number;
  loss: number;
  gradient: number[][];
}

const cases = JSON.parse(
  readFileSync(new URL('../../../fixtures/supervised-contrastive.json', import.meta.url), 'utf8'),
) as Case[];

test.each(cases.map((each) => [each.name, each] as const))(
  '%s',
  async (_, { vectors, labels, temperature, ...expected }) => {
    const x = tensor(vectors);
    const loss = supervisedContrastive(x, tensor(labels, { dtype: 'int64' }), { temperature });
    const [dx] = gradient(loss, [x]);
    const found = Array.from((await dx?.data()) as Float32Array);
    expect(await loss.item()).toBeCloseTo(expected.loss, 5);
    for (const [i, value] of expected.gradient.flat().entries()) expect(found[i]).toBeCloseTo(value, 5);
  },
);

test('a temperature of 0 is refused', () => {
  const labels = tensor([0, 0], { dtype: 'int64' });
  expect(() => supervisedContrastive(tensor([[1], [2]]), labels, { temperature: 0 })).toThrow('it must be above 0');
});
