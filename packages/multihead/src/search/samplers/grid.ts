/** @file Grid search: each combination of values once, in an order that the seed shuffles. */
import { z } from 'zod';
import { UserError } from '../../platform/errors.js';
import { deriveSeed, Random } from '../../platform/random.js';
import { contains, type Distribution, isSingle, type ParamValue, stepOf, toInternal } from '../space/distribution.js';
import { distributionOf, isActive, type SearchSpace } from '../space/search-space.js';
import { valueAt } from '../space/unit-interval.js';
import type { TrialRecord } from '../trial-record.js';
import { randomSampler } from './random.js';
import { defineSampler } from './sampler.js';

/** The largest grid. */
const maxPoints = 1_000_000;

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
      .describe('number of values of a continuous parameter, or of one with more values than that'),
    values: z
      .record(z.string(), z.array(z.union([z.number(), z.string(), z.boolean(), z.null()])).min(1))
      .default({})
      .describe('values of parameters, by name'),
  }),
  create({ steps, values }, { space }) {
    if (!space) throw new UserError('the sampler grid needs a declared space; give `space`');
    const unknown = Object.keys(values).find((name) => !Object.hasOwn(space, name));
    if (unknown !== undefined) throw new UserError(`samplerOptions.values: the space has no parameter ${unknown}`);
    const points = combinations(space, (name, distribution) =>
      Object.hasOwn(values, name) ? (values[name] as readonly ParamValue[]) : gridValues(distribution, steps),
    );
    const shuffled = new Map<number, readonly Point[]>();
    return {
      size: (trials) => trials.length + remaining(points, trials).length,
      sampleRelative({ number, trials, seed }) {
        const order = shuffled.get(seed) ?? new Random(deriveSeed(seed, 'grid')).shuffle([...points]);
        shuffled.set(seed, order);
        const [point = order[number % order.length] as Point] = remaining(
          order,
          trials.filter((trial) => trial.number < number),
        );
        return Object.fromEntries(
          Object.entries(point).map(([name, value]) => [name, toInternal(distributionOf(space[name] as never), value)]),
        );
      },
      sampleIndependent: randomSampler.sampleIndependent,
    };
  },
});

/**
 * The points that trials leave. A trial has the first point that those before it left, unless values of it were enqueued, or
 * another sampler drew them.
 */
function remaining(order: readonly Point[], trials: readonly TrialRecord[]): Point[] {
  const left = new Map(order.map((point) => [keyOf(point), point]));
  for (const { params, systemAttributes } of trials.toSorted((a, b) => a.number - b.number)) {
    const [next] = left.values();
    const isDrawn = Object.keys(params).length > 0; // another worker may not have written the values yet
    left.delete(keyOf(isDrawn ? params : { ...next, ...(systemAttributes.fixed_params as Point | undefined) }));
  }
  return [...left.values()];
}

const keyOf = (point: Point): string => JSON.stringify(Object.entries(point).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Values at even distances, from the smallest to the largest. */
function gridValues(distribution: Distribution, steps: number): readonly ParamValue[] {
  if (distribution.type === 'categorical') return distribution.choices;
  if (isSingle(distribution)) return [distribution.low];
  const { low, high, log } = distribution;
  const step = stepOf(distribution);
  const last = step === undefined ? Number.POSITIVE_INFINITY : Math.round((high - low) / step);
  const count = Math.min(steps, last + 1);
  const values = Array.from({ length: count }, (_, i) => {
    if (i === 0 || i === count - 1) return i === 0 ? low : high; // exactly, also of logarithms
    const share = i / (count - 1);
    if (log) return valueAt(distribution, Math.log(low) + share * (Math.log(high) - Math.log(low)));
    return valueAt(distribution, low + (step === undefined ? share * (high - low) : Math.round(share * last) * step));
  });
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
    if (points.length > maxPoints) {
      throw new UserError(`the grid has more than ${maxPoints} points; give fewer steps, or another sampler`);
    }
  }
  return points;
}
