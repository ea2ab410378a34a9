import { expect, test } from 'vitest';
import { Embedding } from '../../nn/layers/embedding.js';
import { Linear } from '../../nn/layers/linear.js';
import { Weights } from './weights.js';

test('sinusoidal positions are those of Transformers', () => {
  // create_sinusoidal_embeddings(4, 6, out) of transformers 5's modeling_distilbert
  const reference = [
    [0, 1, 0, 1, 0, 1],
    [0.8414709568023682, 0.5403022766113281, 0.04639922454953194, 0.9989230036735535, 0.002154432935640216],
    [0.9092974066734314, -0.416146844625473, 0.09269849956035614, 0.9956942200660706, 0.004308856092393398],
    [0.14112000167369843, -0.9899924993515015, 0.13879810273647308, 0.9903206825256348, 0.006463258992880583],
  ];
  const weights = new Weights(new Embedding(4, 6, { sinusoidal: true }));
  weights.initialize('weight', 42);
  for (const [row, values] of reference.entries()) {
    expect([...weights.view('weight').subarray(row * 6, row * 6 + values.length)]).toEqual(values);
  }
});

test('values of another number than the parameter has are refused, and none are written', async () => {
  const weights = new Weights(new Linear(2, 3));
  const write = (weight: number) =>
    weights.write(
      new Map([
        ['bias', Float32Array.of(1, 2, 3)],
        ['weight', new Float32Array(weight).fill(9)],
      ]),
    );
  for (const length of [4, 8]) {
    await expect(write(length)).rejects.toThrow(
      `the parameter weight has 6 values, of the shape [3, 2], and ${length} were given`,
    );
  }
  expect([...weights.view('weight'), ...weights.view('bias')]).toEqual(new Array(9).fill(0));
  await write(6);
  expect([...weights.view('weight'), ...weights.view('bias')]).toEqual([9, 9, 9, 9, 9, 9, 1, 2, 3]);
});
