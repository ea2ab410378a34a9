/** @file Grid search: each combination of values once, in an order that the seed shuffles. */
import { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { deriveSeed, Random } from '../../platform/random.js';
import {
  contains,
  type Distribution,
  fromInternal,
  isSingle,
  type ParamValue,
  stepOf,
  toInternal,
} from '../space/distribution.js';
import { distributionOf, isActive, type SearchSpace } from '../space/search-space.js';
import { fromUnit } from '../space/unit-interval.js';
import { randomSampler } from './random.js';
import { defineSampler } from './sampler.js';

/** More combinations than this are a slip. */
const most = 1_000_000;

type Point = Readonly<Record<string, ParamValue>>;

/** The row of the registry. */
export const grid = defineSampler({
  name: 'grid',
  description: 'each combination of values once',
  options: z.object({
    steps: z
      .int()
      .min(2)
      .default(5)
      .describe('values of a parameter that has a continuum of them, or more whole numbers than that'),
    values: z
      .record(z.string(), z.array(z.union([z.number(), z.string(), z.boolean(), z.null()])))
      .default({})
      .describe('values of parameters, by name'),
  }),
  create({ steps, values }, { space }) {
    if (!space) throw new UserError('the sampler grid needs a declared space; give `space`');
    const unknown = Object.keys(values).find((name) => !Object.hasOwn(space, name));
    if (unknown !== undefined) throw new UserError(`samplerOptions.values: the space has no parameter ${unknown}`);
    const points = combinations(space, (name, distribution) => values[name] ?? gridValues(distribution, steps));
    const shuffled = new Map<number, readonly Point[]>();
    return {
      size: points.length,
      together({ number, seed }) {
        const order = shuffled.get(seed) ?? new Random(deriveSeed(seed, 'grid')).shuffle([...points]);
        shuffled.set(seed, order);
        const point = order[number % order.length] as Point;
        return Object.fromEntries(
          Object.entries(point).map(([name, value]) => [name, toInternal(distributionOf(space[name] as never), value)]),
        );
      },
      alone: randomSampler.alone,
    };
  },
});

/** Values at even distances, the limits among them. */
function gridValues(distribution: Distribution, steps: number): readonly ParamValue[] {
  if (distribution.type === 'categorical') return distribution.choices;
  if (isSingle(distribution)) return [distribution.low];
  const step = stepOf(distribution);
  const count =
    step === undefined ? steps : Math.min(steps, Math.round((distribution.high - distribution.low) / step) + 1);
  const unit = (i: number) => (step === undefined ? i / (count - 1) : (i + 0.5) / count);
  const values = Array.from({ length: count }, (_, i) => fromInternal(distribution, fromUnit(distribution, unit(i))));
  return [...new Set(values)];
}

function combinations(
  space: SearchSpace,
  valuesOf: (name: string, distribution: Distribution) => readonly ParamValue[],
): readonly Point[] {
  let points: readonly Point[] = [{}];
  for (const [name, entry] of Object.entries(space)) {
    const distribution = distributionOf(entry);
    const values = valuesOf(name, distribution);
    const odd = values.find((value) => !contains(distribution, value));
    if (odd !== undefined)
      throw new UserError(`samplerOptions.values: ${name} cannot be ${JSON.stringify(odd)} in the space`);
    points = points.flatMap((point) =>
      isActive(entry, point) ? values.map((value) => ({ ...point, [name]: value })) : [point],
    );
    if (points.length > most) {
      throw new UserError(`the grid has more than ${most} points; give fewer steps, or another sampler`);
    }
  }
  return points;
}
