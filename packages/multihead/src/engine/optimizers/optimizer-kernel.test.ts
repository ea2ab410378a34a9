import { describe, expect, test } from 'vitest';
import { Random } from '../../platform/random.js';
import type { FloatBlock } from './optimizer.js';
import { OptimizerKernel } from './optimizer-kernel.js';

const scalars = {
  gradientScale: 0.5,
  beta1: 0.9,
  beta2: 0.999,
  keep: 0.9999,
  rate: 1e-2,
  correction: 1.5,
  epsilon: 1e-8,
};
const length = 40_000; // more than two slices, so that the last one is not full

function fill(block: FloatBlock, seed: bigint, positive = false): FloatBlock {
  new Random(seed).fillNormal(block, 1);
  if (positive) block.set(block.map((x) => x * x));
  return block;
}

/** Parameters, gradients and moments, in blocks that `make` provides. */
const blocks = (make: (length: number) => FloatBlock) =>
  [1n, 2n, 3n, 4n].map((seed) => fill(make(length), seed, seed === 4n)) as [
    FloatBlock,
    FloatBlock,
    FloatBlock,
    FloatBlock,
  ];

describe('the optimizer’s loops', () => {
  test('AdamW is the published rule, in single precision', () => {
    const kernel = OptimizerKernel.create([length, length, length, length]);
    const [p, g, m, v] = blocks((n) => kernel.allocate(n));
    const before = [p, g, m, v].map((block) => block.slice()) as [FloatBlock, FloatBlock, FloatBlock, FloatBlock];
    kernel.run('adamW', [p, g, m, v], [0, 2, 3], Object.values(scalars));
    for (let i = 0; i < length; i += 97) {
      const [p0, g0, m0, v0] = before.map((block) => block[i] as number) as [number, number, number, number];
      const gradient = g0 * scalars.gradientScale;
      const first = 0.9 * m0 + 0.1 * gradient;
      const second = 0.999 * v0 + 0.001 * gradient ** 2;
      const expected =
        p0 * scalars.keep - (scalars.rate * first) / (Math.sqrt(second) * scalars.correction + scalars.epsilon);
      expect(m[i]).toBeCloseTo(first, 5);
      expect(v[i]).toBeCloseTo(second, 5);
      expect(p[i]).toBeCloseTo(expected, 4);
    }
    expect(g).toEqual(before[1]);
  });

  test('blocks outside its memory are carried through it, with the same bits', () => {
    const inside = OptimizerKernel.create([length, length, length, length]);
    const near = blocks((n) => inside.allocate(n));
    const outside = OptimizerKernel.create([]);
    const far = blocks((n) => outside.allocate(n));
    expect(near[0].buffer).toBe(near[1].buffer);
    expect(far[0].buffer).not.toBe(far[1].buffer);
    inside.run('adamW', near, [0, 2, 3], Object.values(scalars));
    outside.run('adamW', far, [0, 2, 3], Object.values(scalars));
    expect(far.map((block) => block.slice())).toEqual(near.map((block) => block.slice()));
    outside.add(far[0], far[1]);
    inside.add(near[0], near[1]);
    expect(far[0]).toEqual(near[0].slice());
  });

  test('squares are added up in double precision', () => {
    const kernel = OptimizerKernel.create([length]);
    const block = fill(kernel.allocate(length), 9n);
    const exact = block.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(kernel.sumOfSquares(block) / exact - 1)).toBeLessThan(1e-13);
  });
});
