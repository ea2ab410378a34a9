/** @file Random search: each value by itself, from its distribution. */
import { z } from 'zod';
import { fromUnit } from '../space/unit-interval.js';
import { defineSampler, type Sampler } from './sampler.js';

/** Draws at random. */
export const randomSampler: Sampler = {
  sampleIndependent: ({ random }, _, distribution) => fromUnit(distribution, random.uniform()),
};

/** The row of the registry. */
export const random = defineSampler({
  name: 'random',
  description: 'each value at random',
  options: z.object({}),
  create: () => randomSampler,
});
