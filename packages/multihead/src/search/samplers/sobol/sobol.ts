/** @file Quasi-random search: points of a Sobol sequence, which leave no part of the space out, as random ones do. */
import { z } from 'zod';
import { compareCodePoints } from '../../../platform/code-point-order.js';
import { deriveSeed, Random } from '../../../platform/random.js';
import { type Distribution, isSingle } from '../../space/distribution.js';
import { distributionOf } from '../../space/search-space.js';
import { fromUnit } from '../../space/unit-interval.js';
import { randomSampler } from '../random.js';
import { defineSampler, type SamplingContext } from '../sampler.js';
import { mostDimensions, randomScrambling, SobolSequence } from './sobol-sequence.js';

/** The row of the registry. */
export const sobol = defineSampler({
  name: 'sobol',
  description: 'quasi-random: points that fill the space evenly',
  options: z.object({
    scramble: z
      .boolean()
      .default(true)
      .describe('randomize the sequence by the seed; otherwise it begins at the lowest values'),
  }),
  create({ scramble }) {
    const sequences = new Map<string, SobolSequence>();
    const sequenceOf = (dimensions: number, seed: number): SobolSequence => {
      const key = `${dimensions} ${seed}`;
      const known = sequences.get(key);
      if (known) return known;
      const scrambling = scramble ? randomScrambling(dimensions, new Random(deriveSeed(seed, 'sobol'))) : undefined;
      const sequence = new SobolSequence(dimensions, scrambling);
      sequences.set(key, sequence);
      return sequence;
    };
    return {
      sampleRelative(context) {
        const space = coordinates(context);
        const point = sequenceOf(space.length, context.seed).point(context.number);
        return Object.fromEntries(
          space.map(([name, distribution], i) => [name, fromUnit(distribution, point[i] as number)]),
        );
      },
      sampleIndependent: randomSampler.sampleIndependent,
    };
  },
});

/** The parameters that are coordinates: of the declared space all; otherwise those of the first trial that has some, by name. */
function coordinates({ space, trials }: SamplingContext): (readonly [string, Distribution])[] {
  const declared = space && Object.entries(space).map(([name, entry]) => [name, distributionOf(entry)] as const);
  const first = trials.find(({ distributions }) => Object.keys(distributions).length > 0)?.distributions ?? {};
  const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => compareCodePoints(a, b);
  const all: (readonly [string, Distribution])[] = declared ?? Object.entries(first).sort(byName); // storages order them differently
  return all.filter(([, distribution]) => !isSingle(distribution)).slice(0, mostDimensions);
}
