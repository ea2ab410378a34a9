/** @file The settings of a training run, their defaults (Hugging Face's) and their limits. */
import { UserError } from '../errors.js';
import { type ScheduleName, scheduleNames } from './schedule.js';

/** Settings that shape a run. Names and defaults are those of Hugging Face's TrainingArguments. */
export interface TrainingOptions {
  /** Passes over the data. */
  readonly epochs: number;
  /** Optimizer steps in all; counts before epochs where it is not 0. */
  readonly maxSteps: number;
  /** Features a batch. */
  readonly batchSize: number;
  /** Features a batch of evaluation. */
  readonly evalBatchSize: number;
  /** Peak learning rate. */
  readonly learningRate: number;
  /** How the learning rate goes on after the warm-up. */
  readonly lrSchedulerType: ScheduleName;
  /** Share of all steps over which the rate rises from 0. */
  readonly warmupRatio: number;
  /** Steps over which the rate rises from 0; counts before warmupRatio where it is not 0. */
  readonly warmupSteps: number;
  /** Decoupled weight decay, on matrices only. */
  readonly weightDecay: number;
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly adamEpsilon: number;
  /** The gradient is scaled down to this norm; 0 for no limit. */
  readonly maxGradNorm: number;
  /** Batches whose gradients are averaged for one step. */
  readonly gradientAccumulationSteps: number;
  /** Decides new weights, order and dropout. */
  readonly seed: number;
  /** Whether features of like length share batches. */
  readonly lengthBucketing: boolean;
  /** What stays as it is: `backbone` (all but the head), or embeddings and the first N layers. */
  readonly freeze: 'none' | 'backbone' | number;
  /** A checkpoint every so many steps, besides that at the end of each epoch; 0 for none. */
  readonly saveSteps: number;
  /** Evaluation every so many steps and at the end of the run, instead of after each epoch; 0 for each epoch. */
  readonly evalSteps: number;
}

/** What holds where nothing is said. */
export const defaultTrainingOptions: TrainingOptions = {
  epochs: 3,
  maxSteps: 0,
  batchSize: 8,
  evalBatchSize: 32,
  learningRate: 5e-5,
  lrSchedulerType: 'linear',
  warmupRatio: 0,
  warmupSteps: 0,
  weightDecay: 0,
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  adamEpsilon: 1e-8,
  maxGradNorm: 1,
  gradientAccumulationSteps: 1,
  seed: 42,
  lengthBucketing: true,
  freeze: 'none',
  saveSteps: 0,
  evalSteps: 0,
};

type Rule = readonly [name: keyof TrainingOptions, holds: (value: number) => boolean, expected: string];

const whole = (least: number) => (value: number) => Number.isInteger(value) && value >= least;

const rules: readonly Rule[] = [
  ['epochs', (v) => Number.isInteger(v) && v >= 1, 'a whole number from 1'],
  ['maxSteps', whole(0), 'a whole number from 0 (0: as many as the epochs have)'],
  ['batchSize', whole(1), 'a whole number from 1'],
  ['evalBatchSize', whole(1), 'a whole number from 1'],
  ['learningRate', (v) => v > 0 && v < 10, 'a number above 0, such as 5e-5'],
  ['warmupRatio', (v) => v >= 0 && v < 1, 'a share from 0 to below 1'],
  ['warmupSteps', whole(0), 'a whole number from 0'],
  ['weightDecay', (v) => v >= 0 && v < 1e3, 'a number from 0'],
  ['adamBeta1', (v) => v >= 0 && v < 1, 'a number from 0 to below 1'],
  ['adamBeta2', (v) => v >= 0 && v < 1, 'a number from 0 to below 1'],
  ['adamEpsilon', (v) => v > 0 && v < 1, 'a small number above 0'],
  ['maxGradNorm', (v) => v >= 0, 'a number from 0 (0: no limit)'],
  ['gradientAccumulationSteps', whole(1), 'a whole number from 1'],
  ['seed', (v) => Number.isSafeInteger(v), 'a whole number'],
  ['saveSteps', whole(0), 'a whole number from 0'],
  ['evalSteps', whole(0), 'a whole number from 0 (0: after each epoch)'],
];

/** Fills in defaults and refuses what cannot be, quoting it. */
export function trainingOptions(given: Partial<TrainingOptions>): TrainingOptions {
  const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const options: TrainingOptions = { ...defaultTrainingOptions, ...defined };
  for (const [name, holds, expected] of rules) {
    const value = options[name];
    if (typeof value !== 'number' || !holds(value)) throw new UserError(`${name} is ${value}; it must be ${expected}`);
  }
  const unknown = Object.keys(defined).find((name) => !Object.hasOwn(defaultTrainingOptions, name));
  if (unknown !== undefined) {
    const names = Object.keys(defaultTrainingOptions).join(', ');
    throw new UserError(`there is no setting "${unknown}"; there are: ${names}`);
  }
  const { freeze, lengthBucketing, lrSchedulerType } = options;
  if (!scheduleNames.includes(lrSchedulerType)) {
    throw new UserError(`lrSchedulerType is ${lrSchedulerType}; it must be one of ${scheduleNames.join(', ')}`);
  }
  if (typeof lengthBucketing !== 'boolean') {
    throw new UserError(`lengthBucketing is ${lengthBucketing}; it must be true or false`);
  }
  if (freeze !== 'none' && freeze !== 'backbone' && !whole(0)(freeze)) {
    throw new UserError(`freeze is ${freeze}; it must be "backbone", or how many of the first layers stay as they are`);
  }
  return options;
}
