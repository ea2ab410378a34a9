/**
 * @file NSGA-II as a sampler: generations of trials, each made of the best of those before. For several objectives and hundreds of
 * trials. Parameters that only some trials have are drawn at random, as in Optuna.
 */
import { z } from 'zod';
import { completeTrials, losses } from '../../best.js';
import { commonSpace } from '../../space/common-space.js';
import { type Distribution, type ParamValue, toInternal } from '../../space/distribution.js';
import type { TrialRecord } from '../../trial-record.js';
import { randomSampler } from '../random.js';
import { defineSampler, type SamplingContext } from '../sampler.js';
import { childOf, type Parent } from './child.js';
import { survivors } from './selection.js';

const probability = z.number().min(0).max(1);

/** The row of the registry. */
export const nsgaII = defineSampler({
  name: 'nsga-ii',
  description: 'genetic algorithm (NSGA-II), for several objectives and some hundred trials',
  options: z.object({
    populationSize: z
      .int()
      .min(2)
      .default(50)
      .describe('trials of a generation, the first of which is drawn at random'),
    crossoverProbability: probability.default(0.9).describe('how often a trial has values of two others, not of one'),
    swappingProbability: probability.default(0.5).describe('how often a value is that of the second one'),
    mutationProbability: probability
      .optional()
      .describe('how often a value is drawn at random instead')
      .meta({ usual: 'once a trial, on average' }),
  }),
  create: ({ populationSize, crossoverProbability, swappingProbability, mutationProbability }) => ({
    sampleRelative(context) {
      const complete = completeTrials(context.trials);
      const space = commonSpace(complete);
      const parents = parentsOf(complete, context, populationSize);
      if (parents.length === 0 || space.size === 0) return {};
      const names = [...space.keys()];
      const isChoice = (name: string) => space.get(name)?.type === 'categorical';
      return childOf(
        parents.map((trial) => parent(trial, space, context)),
        { choices: names.filter(isChoice), numbers: names.filter((name) => !isChoice(name)) },
        { crossover: crossoverProbability, swapping: swappingProbability, mutation: mutationProbability },
        context.random,
      );
    },
    sampleIndependent: randomSampler.sampleIndependent,
  }),
});

/** The survivors of the generations that are whole; of the trials' numbers, each `size` are one. */
function parentsOf(
  complete: readonly TrialRecord[],
  { directions }: SamplingContext,
  size: number,
): readonly TrialRecord[] {
  const individuals = complete.map((trial) => ({ trial, losses: losses(trial.values ?? [], directions) }));
  let parents: typeof individuals = [];
  for (let end = size; end <= individuals.length; end += size) {
    parents = survivors([...individuals.slice(end - size, end), ...parents], size);
  }
  return parents.map(({ trial }) => trial);
}

const parent = (
  { params, values = [] }: TrialRecord,
  space: ReadonlyMap<string, Distribution>,
  { directions }: SamplingContext,
): Parent => ({
  losses: losses(values, directions),
  values: Object.fromEntries(
    [...space].map(([name, distribution]) => [name, toInternal(distribution, params[name] as ParamValue)]),
  ),
});
