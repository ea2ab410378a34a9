import { describe, expect, test } from 'vitest';
import { causalMask, MultiHeadAttention, paddingMask, TransformerLayer } from '../../exports/nn.js';
import { type Tensor, tensor } from '../../exports/tensor.js';
import { Weights } from '../../models/core/weights.js';
import { Random } from '../../platform/random.js';
import type { Module } from '../module.js';

/** Runs a module's graph with new weights, and gives an output's elements. */
async function run(module: Module, build: () => Tensor): Promise<Float32Array> {
  const weights = new Weights(module);
  for (const name of weights.parameters.keys()) weights.initialize(name, 5);
  const { output } = await weights.run('output', () => ({ output: build() }), {});
  await weights.dispose();
  return output?.data as Float32Array;
}

function hidden(batch: number, sequence: number, size: number, change?: number): Tensor {
  const values = new Float32Array(batch * sequence * size);
  new Random(3n).fillNormal(values, 1);
  if (change !== undefined) values.fill(0.5, change * size, (change + 1) * size);
  return tensor(values, { shape: [batch, sequence, size] });
}

const options = { hiddenSize: 16, heads: 4, intermediateSize: 32 };

describe('attention', () => {
  test('weights of each row sum to 1, and none falls on padding', async () => {
    const attention = new MultiHeadAttention({ hiddenSize: options.hiddenSize, heads: options.heads });
    const mask = paddingMask(tensor([[1, 1, 1, 0]], { dtype: 'int64' }));
    const weights = await run(attention, () => attention.forward(hidden(1, 4, 16), { mask }).weights);
    for (let row = 0; row < weights.length; row += 4) {
      expect(weights.subarray(row, row + 4).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      expect(weights[row + 3]).toBe(0);
    }
  });

  test('heads that do not divide the size are refused', () => {
    expect(() => new MultiHeadAttention({ hiddenSize: 10, heads: 4 })).toThrow('cannot be split into 4 equal heads');
  });
});

describe.each(['post', 'pre'] as const)('a layer with the norm %s the sub-layers', (norm) => {
  test('under a causal mask, a later token does not change what comes before it', async () => {
    const layer = new TransformerLayer({ ...options, norm });
    const last = 3;
    const [before, after] = await Promise.all(
      [undefined, last].map((change) => run(layer, () => layer.forward(hidden(1, 4, 16, change), causalMask(4)))),
    );
    expect(before?.subarray(0, last * 16)).toEqual(after?.subarray(0, last * 16));
    expect(before?.subarray(last * 16)).not.toEqual(after?.subarray(last * 16));
  });

  test('with cross-attention, reads a memory of another length', async () => {
    const layer = new TransformerLayer({ ...options, norm, crossAttention: true });
    const output = await run(layer, () => layer.forward(hidden(2, 3, 16), causalMask(3), { memory: hidden(2, 5, 16) }));
    expect(output).toHaveLength(2 * 3 * 16);
    expect(output.every(Number.isFinite)).toBe(true);
  });
});
