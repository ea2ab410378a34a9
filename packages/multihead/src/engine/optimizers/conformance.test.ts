/** @file What holds for every optimizer of the registry. A new row is tested by being a row, once its formula stands here. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../platform/random.js';
import { type Formula, formulas, settingsToTry } from '../../testing/optimizer-formulas.js';
import { type HarnessParameter, OptimizerHarness } from '../../testing/optimizer-harness.js';
import type { OptimizerDefinition } from './optimizer.js';
import { builtInOptimizers } from './registry.js';
import { checkedSettings } from './settings.js';

const rows: readonly OptimizerDefinition[] = builtInOptimizers;
/** Each optimizer with its defaults, and with other settings. */
const cases = rows.flatMap((definition) =>
  [{}, ...(settingsToTry[definition.name] ?? [])].map((args) => ({
    definition,
    name: definition.name,
    args: JSON.stringify(args),
    make: () => definition.create(checkedSettings(definition, args)),
    settings: checkedSettings(definition, args),
  })),
);

function normal(length: number, seed: number, scale = 1): Float32Array {
  const values = new Float32Array(length);
  new Random(BigInt(seed)).fillNormal(values, scale);
  return values;
}

/** Matrices of widths that are multiples of 4 and that are not, a vector, and a tensor of three dimensions. */
const shapes = [[6, 8], [5, 3], [7], [2, 3, 4], [1, 1]];
const parametersOf = (seed: number, more: Partial<HarnessParameter> = {}): HarnessParameter[] =>
  shapes.map((shape, i) => ({
    shape,
    values: normal(size(shape), seed + i),
    decay: shape.length > 1,
    ...more,
  }));
const gradientsOf = (seed: number, scale = 1): Float32Array[] =>
  shapes.map((shape, i) => normal(size(shape), 1000 + seed * 10 + i, scale));
const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
const weightDecay = 0.1;

test('every row has its formula, in doubles and without kernels, to be compared with', () => {
  expect(rows.map(({ name }) => name).filter((name) => !formulas[name])).toEqual([]);
});

describe.each(cases)('$name $args', ({ make, settings, name }) => {
  test('steps are those of the formula, by property', () => {
    const drawn = fc.record({
      seed: fc.nat(1e6),
      steps: fc.integer({ min: 1, max: 4 }),
      gradientScale: fc.constantFrom(1, 0.3),
      learningRate: fc.constantFrom(1e-3, 0.1),
      weightDecay: fc.constantFrom(0, 0.1),
    });
    fc.assert(
      fc.property(drawn, ({ seed, steps, gradientScale, learningRate, weightDecay }) => {
        const parameters = parametersOf(seed);
        const harness = new OptimizerHarness(make(), parameters);
        const exact = parameters.map(({ values }) => Float64Array.from(values));
        const formula = (formulas[name] as Formula)(settings);
        const states = parameters.map(() => ({}));
        for (let step = 1; step <= steps; step++) {
          const gradients = gradientsOf(seed + step);
          harness.step(gradients, { learningRate, weightDecay }, gradientScale);
          for (const [i, { shape, decay }] of parameters.entries()) {
            const scaled = Float64Array.from(gradients[i] as Float32Array, (g) => g * gradientScale);
            const context = { step, learningRate, weightDecay: decay ? weightDecay : 0 };
            formula({ p: exact[i] as Float64Array, g: scaled, shape, state: states[i] as never }, context);
          }
        }
        for (const [i, expected] of exact.entries()) {
          for (const [at, found] of harness.read(i).entries()) {
            expect(Math.abs(found - (expected[at] as number)), `p${i}[${at}]`).toBeLessThan(2e-5);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('with its state saved and put back it makes the same bits', () => {
    const whole = new OptimizerHarness(make(), parametersOf(1));
    const first = new OptimizerHarness(make(), parametersOf(1));
    for (let step = 0; step < 3; step++)
      for (const each of [whole, first]) each.step(gradientsOf(step), { weightDecay });
    const state = structuredClone(first.applied.read());
    const resumed = new OptimizerHarness(
      make(),
      parametersOf(1).map((parameter, i) => ({ ...parameter, values: first.read(i) })),
    );
    resumed.applied.write(state);
    for (let step = 3; step < 6; step++)
      for (const each of [whole, resumed]) each.step(gradientsOf(step), { weightDecay });
    for (const i of shapes.keys()) expect(resumed.read(i)).toEqual(whole.read(i));
    expect(resumed.applied.read()).toEqual(whole.applied.read());
  });

  test('buffers outside of the kernel’s memory make the same bits', () => {
    const [inside, outside] = [true, false].map(
      (isInside) => new OptimizerHarness(make(), parametersOf(2), { isInside }),
    ) as [OptimizerHarness, OptimizerHarness];
    for (let step = 0; step < 3; step++)
      for (const each of [inside, outside]) each.step(gradientsOf(step), { weightDecay });
    for (const i of shapes.keys()) expect(outside.read(i)).toEqual(inside.read(i));
  });

  test.each([0, weightDecay])(
    'rows without a gradient may be skipped: the same bits, weight decay %d',
    (weightDecay) => {
      const shape = [64, 8];
      const values = normal(size(shape), 3);
      const gradient = (step: number) => {
        const rows = new Float32Array(size(shape));
        for (const row of [step, 9, 40 + step]) rows.set(normal(8, 50 + row + step), row * 8);
        return rows;
      };
      const [dense, table] = [false, true].map(
        (isTable) => new OptimizerHarness(make(), [{ shape, values, isTable }]),
      ) as [OptimizerHarness, OptimizerHarness];
      for (let step = 0; step < 6; step++) {
        // Weight decay that begins later must find state that was skipped until then.
        for (const each of [dense, table]) each.step([gradient(step)], { weightDecay: step < 3 ? 0 : weightDecay });
      }
      expect(table.read(0)).toEqual(dense.read(0));
      expect(table.applied.read()).toEqual(dense.applied.read());
    },
  );

  test('groups: rate 0 changes nothing, and a group that begins later steps as one that begins now', () => {
    const grouped = parametersOf(4).map((parameter, group) => ({ ...parameter, group }));
    const late = new OptimizerHarness(make(), grouped);
    const now = new OptimizerHarness(make(), parametersOf(4));
    const groups = (step: number) =>
      shapes.map((_, group) => (group === 1 ? { rate: step < 2 ? 0 : 0.5, since: 2 } : { rate: 1, since: 0 }));
    for (let step = 0; step < 2; step++) late.step(gradientsOf(step), { groups: groups(step) });
    expect(late.read(1)).toEqual(parametersOf(4)[1]?.values);
    for (let step = 0; step < 3; step++) {
      late.step(gradientsOf(step), { groups: groups(step + 2), weightDecay, learningRate: 1e-2 });
      now.step(gradientsOf(step), { weightDecay, groups: [{ rate: 0.5, since: 0 }] });
    }
    expect(late.read(1)).toEqual(now.read(1));
    expect(late.read(0)).not.toEqual(now.read(0));
  });

  test('state has names and shapes, of the parameters that learn alone', () => {
    const parameters = parametersOf(5).slice(0, 2);
    const { tensors } = new OptimizerHarness(make(), parameters).applied.read();
    expect(Object.keys(tensors).every((tensor) => /^p[01]\.[a-z_]+$/.test(tensor))).toBe(true);
    for (const { shape, data } of Object.values(tensors)) expect(data).toHaveLength(size(shape));
  });
});
