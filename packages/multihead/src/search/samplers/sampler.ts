/** @file The contract of a sampler: a file, or a folder, and a row of the registry. */
import type { z } from 'zod';
import type { Random } from '../../platform/random.js';
import type { Distribution } from '../space/distribution.js';
import type { SearchSpace } from '../space/search-space.js';
import type { Direction, TrialRecord } from '../trial-record.js';

/** What a sampler knows when it draws the values of a trial. */
export interface SamplingContext {
  /** The trial's number. */
  readonly number: number;
  /** All other trials, those that run now included. */
  readonly trials: readonly TrialRecord[];
  readonly directions: readonly Direction[];
  /** Random numbers of this trial sampleIndependent: the same for each run of a study with the same seed. */
  readonly random: Random;
  /** The study's seed. */
  readonly seed: number;
  /** The declared space; undefined where the objective names its parameters as it runs. */
  readonly space: SearchSpace | undefined;
}

/** Draws values. All values are internal: numbers, of a categorical parameter the index of the choice. */
export interface Sampler {
  /** How many trials a study can have, of which there are these: all, and those that there are values left for. Default: any number. */
  size?(trials: readonly TrialRecord[]): number;
  /** Draws the values of parameters jointly, before the trial runs; Optuna's `sample_relative`. Default: none. */
  sampleRelative?(context: SamplingContext): Readonly<Record<string, number>>;
  /** Draws the value of one parameter for which {@link sampleRelative} returned none; Optuna's `sample_independent`. */
  sampleIndependent(context: SamplingContext, name: string, distribution: Distribution): number;
}

/** A sampler as a row of the registry. */
export interface SamplerDefinition<Options extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** For help and documentation. */
  readonly description: string;
  readonly options: Options;
  /** @throws UserError where it cannot draw from the space, or not for several objectives */
  create(
    options: z.output<Options>,
    study: { readonly space: SearchSpace | undefined; readonly directions: readonly Direction[] },
  ): Sampler;
}

/**
 * Defines a sampler, with inferred types.
 *
 * @example
 * import { z } from 'zod';
 *
 * const middle = defineSampler({
 *   name: 'middle',
 *   description: 'always the middle of an interval',
 *   options: z.object({}),
 *   create: () => ({ sampleIndependent: (_, __, distribution) => fromUnit(distribution, 0.5) }),
 * });
 */
export const defineSampler = <Options extends z.ZodObject>(
  definition: SamplerDefinition<Options>,
): SamplerDefinition<Options> => definition;
