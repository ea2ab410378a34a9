/** @file CMA-ES as a sampler: for numbers that all trials have; choices and conditional parameters are drawn at random. */
import { z } from 'zod';
import { UserError } from '../../../platform/errors.js';
import { losses } from '../../best.js';
import { commonSpace } from '../../space/common-space.js';
import { contains, isSingle, type NumericDistribution } from '../../space/distribution.js';
import { distributionOf } from '../../space/search-space.js';
import { boundsOf, valueAt } from '../../space/unit-interval.js';
import type { TrialRecord } from '../../trial-record.js';
import { randomSampler } from '../random.js';
import { defineSampler, type SamplingContext } from '../sampler.js';
import { Cma } from './cma.js';

type Numbers = readonly (readonly [name: string, distribution: NumericDistribution])[];

/** The row of the registry. */
export const cmaEs = defineSampler({
  name: 'cma-es',
  description: 'evolution strategy (CMA-ES), for spaces of numbers and some hundred trials',
  options: z.object({
    populationSize: z
      .int()
      .min(2)
      .optional()
      .describe('trials of a generation')
      .meta({ usual: '4 + 3 log(parameters)' }),
    sigma: z
      .number()
      .gt(0)
      .optional()
      .default(1 / 6)
      .describe("width of the first generation, as a part of each parameter's interval"),
  }),
  create({ populationSize, sigma }, { directions }) {
    if (directions.length > 1) throw new UserError('the sampler cma-es is for one objective; tpe takes several');
    return {
      sampleRelative(context) {
        const numbers = numbersOf(context);
        if (numbers.length === 0) return {};
        const point = strategy(context, numbers, { populationSize, sigma }).ask(context.random);
        return Object.fromEntries(
          numbers.map(([name, distribution], i) => [
            name,
            valueAt(distribution, place(distribution, point[i] as number)),
          ]),
        );
      },
      sampleIndependent: randomSampler.sampleIndependent,
    };
  },
});

/** Parameters that each trial has: of the declared space, or of the trials so far. */
function numbersOf({ space, trials }: SamplingContext): Numbers {
  const declared =
    space &&
    Object.entries(space).flatMap(([name, entry]) => (entry.when ? [] : [[name, distributionOf(entry)] as const]));
  const all = declared ?? [...commonSpace(trials.filter(({ state }) => state === 'complete'))];
  return all.flatMap(([name, distribution]) =>
    distribution.type === 'categorical' || isSingle(distribution) ? [] : [[name, distribution] as const],
  );
}

/** The strategy after the generations so far: the complete trials, in the order of their numbers. */
function strategy(
  { trials, directions }: SamplingContext,
  numbers: Numbers,
  { populationSize, sigma }: { readonly populationSize: number | undefined; readonly sigma: number },
): Cma {
  const bounds = numbers.map(() => ({ low: 0, high: 1 }));
  const cma = new Cma(
    bounds.map(() => 0.5),
    sigma,
    bounds,
    populationSize,
  );
  const pointOf = (params: TrialRecord['params']): number[] =>
    numbers.map(([name, distribution]) => unitOf(distribution, params[name] as number));
  // Trials of other limits, which a study may have had before, lie outside of the unit cube.
  const isInside = ({ state, params }: TrialRecord) =>
    state === 'complete' && numbers.every(([name, distribution]) => contains(distribution, params[name]));
  const evaluated = trials.filter(isInside).map(({ params, values = [] }) => ({
    point: pointOf(params),
    loss: losses(values, directions)[0] as number,
  }));
  for (let i = 0; i + cma.populationSize <= evaluated.length; i += cma.populationSize) {
    cma.tell(evaluated.slice(i, i + cma.populationSize));
  }
  return cma;
}

/** A coordinate of the unit cube as a place within a parameter's bounds. */
function place(distribution: NumericDistribution, unit: number): number {
  const { low, high } = boundsOf(distribution);
  return low + unit * (high - low);
}

/** A value as a coordinate of the unit cube, in which all parameters have the same width. */
function unitOf(distribution: NumericDistribution, value: number): number {
  const { low, high } = boundsOf(distribution);
  return ((distribution.log ? Math.log(value) : value) - low) / (high - low);
}
