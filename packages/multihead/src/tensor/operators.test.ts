/** @file Every operator's gradient against finite differences. Importing the package registers the engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gradient, type Tensor, tensor } from '../exports/tensor.js';
import { Random } from '../platform/random.js';
import { differentiable, operators, withoutGradient } from '../testing/operator-cases.js';

const perturbation = 1e-2;

/** Numbers away from 0, so that no kink lies within the perturbation, and away from each other by more than twice that. */
function draw(random: Random, which: number, length: number, [low, high]: readonly [number, number]): Float32Array {
  const places = random.shuffle(Array.from({ length }, (_, i) => (i + 0.2 + 0.25 * which) / length));
  return Float32Array.from(places, (place) => {
    const value = low + (high - low) * place;
    return Math.abs(value) < 5 * perturbation ? value + 10 * perturbation : value;
  });
}

describe('gradients equal finite differences', () => {
  test.each(Object.entries(differentiable))('%s', async (_, { shapes, apply, from = [-1, 1] }) => {
    const random = new Random(7n);
    const values = shapes.map((shape, i) =>
      draw(
        random,
        i,
        shape.reduce((a, b) => a * b, 1),
        from,
      ),
    );
    const weigh = (output: Tensor): Tensor => {
      const length = (output.shape as number[]).reduce((a, b) => a * b, 1);
      const weights = Float32Array.from({ length }, (_, i) => Math.cos(1 + 3 * i));
      return output.mul(tensor(weights, { shape: output.shape as number[] })).sum();
    };
    const build = (arrays: readonly Float32Array[]) => {
      const inputs = arrays.map((array, i) => tensor(array, { shape: shapes[i] as number[] }));
      return { inputs, loss: weigh(apply(...inputs)) };
    };
    const { inputs, loss } = build(values);
    const gradients = await Promise.all(gradient(loss, inputs).map((g) => g.data()));
    for (const [which, value] of values.entries()) {
      for (let i = 0; i < value.length; i++) {
        const at = async (shift: number) => {
          const moved = values.map((array, j) =>
            j === which ? array.map((v, k) => (k === i ? v + shift : v)) : array,
          );
          return build(moved).loss.item();
        };
        const numeric = ((await at(perturbation)) - (await at(-perturbation))) / (2 * perturbation);
        const tolerance = 1e-3 * Math.max(1, Math.abs(numeric));
        const error = Math.abs(Number(gradients[which]?.[i]) - numeric);
        expect(error, `input ${which}, element ${i}: finite difference ${numeric}`).toBeLessThan(tolerance);
      }
    }
  });

  test('second derivatives: the gradient is a graph of the same operators', async () => {
    const x = tensor([0.5, -0.3]);
    const [first] = gradient(x.tanh().mul(x).sum(), [x]) as [Tensor];
    const [second] = gradient(first.sum(), [x]) as [Tensor];
    const exact = [0.5, -0.3].map((v) => 2 * (1 - Math.tanh(v) ** 2) * (1 - v * Math.tanh(v)));
    expect(Array.from(await second.data(), Number)).toEqual(exact.map((v) => expect.closeTo(v, 5)));
  });

  test('every operator of the folder has a row', () => {
    const folder = new URL('./operators/', import.meta.url);
    const files = readdirSync(folder).filter((name) => /(?<!test)\.js$/.test(name));
    const definitions = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
    // What is made by operator(...), or by a helper of its file that makes operators of one kind.
    const named = [...definitions.matchAll(/= (?:operator|binary|comparison|elementwise|reduction)\('(\w+)'/g)];
    expect(named.length).toBeGreaterThan(50);
    const covered = new Set(Object.keys({ ...differentiable, ...withoutGradient }).map((name) => name.split(':')[0]));
    const fromOutside = ['Input', 'Parameter']; // they compute nothing
    expect(
      named.map(([, name]) => name).filter((name) => !covered.has(name) && !fromOutside.includes(`${name}`)),
    ).toEqual(
      // Two that are a gradient's own, not exported: the rows of Gelu and Slice have them.
      ['HardSigmoid', 'Pad'],
    );
    for (const [name, { gradient }] of operators) {
      const rows = gradient ? differentiable : withoutGradient;
      if (!fromOutside.includes(name)) expect(Object.keys(rows).map((row) => row.split(':')[0])).toContain(name);
    }
  });
});
