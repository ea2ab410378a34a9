/** @file The settings of a training run, their defaults (Hugging Face's) and their limits. */
import { UserError } from '../../platform/errors.js';
import { likelyName } from '../../platform/option-names.js';
import { checkMethod, type MethodShorthands, withMethod } from '../methods/method-options.js';
import type { MethodName } from '../methods/registry.js';
import {
  checkScheduleSettings,
  type ScheduleName,
  type ScheduleSettings,
  scheduleNames,
} from '../schedules/schedule.js';
import { checkedOptimizer, type OptimizerArguments, type OptimizerName } from './optimizer-options.js';

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
  /** The schedule's own settings, such as { numCycles: 3 } of cosine_with_restarts. */
  readonly lrSchedulerKwargs: ScheduleSettings;
  /** Share of all steps over which the rate rises from 0. */
  readonly warmupRatio: number;
  /** Steps over which the rate rises from 0; counts before warmupRatio where it is not 0. */
  readonly warmupSteps: number;
  /** Weight decay, on matrices only: decoupled, except for sgd. */
  readonly weightDecay: number;
  /** The optimizer: `adamw`, one of the others that the documentation lists, or your own (`registerOptimizer`). */
  readonly optim: OptimizerName;
  /** The optimizer's own settings, such as { momentum: 0.9 } of sgd. */
  readonly optimArgs: OptimizerArguments;
  /** AdamW's beta1. */
  readonly adamBeta1: number;
  /** AdamW's beta2. */
  readonly adamBeta2: number;
  /** AdamW's epsilon. */
  readonly adamEpsilon: number;
  /** The gradient is scaled down to this norm; 0 for no limit. */
  readonly maxGradNorm: number;
  /** Batches whose gradients are averaged for one step. */
  readonly gradientAccumulationSteps: number;
  /** Decides new weights, order and dropout. */
  readonly seed: number;
  /** Whether features of like length share batches. */
  readonly lengthBucketing: boolean;
  /** Examples in the buffer that mixes those of a stream; more mix better and take more memory. */
  readonly shuffleBufferSize: number;
  /** How it learns: `full`, `freeze`, `lora`, or a method of your own (`registerMethod`). Default: as `freeze` says. */
  readonly method: MethodName | undefined;
  /** The method's own settings, such as { rank: 8 } of lora. `lora: { rank: 8 }` is short for both. */
  readonly methodArgs: Readonly<Record<string, unknown>>;
  /** What stays as it is: `backbone` (all but the head), or embeddings and the first N layers. */
  readonly freeze: 'none' | 'backbone' | number;
  /** Each layer learns at the rate of the one above it times this; the head at the whole rate. 1: all alike. */
  readonly layerwiseLrDecay: number;
  /** The head learns from the beginning, and every so many steps one layer more, from the top down; 0: all at once. */
  readonly gradualUnfreezingSteps: number;
  /** When checkpoints are written: after each epoch (and every saveSteps, where that is not 0), by steps alone, or never. */
  readonly saveStrategy: Strategy;
  /** A checkpoint every so many steps; 0 for none. */
  readonly saveSteps: number;
  /**
   * The newest checkpoints that are kept, also when the run has ended; the last of them is then that of its last step. The
   * best model is kept besides, in the output folder itself. Default: one on the way, and none when the run has ended.
   */
  readonly saveTotalLimit: number | undefined;
  /** When the model is evaluated. Default: by steps where evalSteps is given, else after each epoch. */
  readonly evalStrategy: Strategy | undefined;
  /** Evaluation every so many steps and at the end of the run, instead of after each epoch; 0 for each epoch. */
  readonly evalSteps: number;
  /** The metric by which models are compared. Default: the task's main metric. */
  readonly metricForBestModel: string | undefined;
  /** Whether more of it is better. Default: as the task says; false for a loss. */
  readonly greaterIsBetter: boolean | undefined;
  /** Whether the result is the best model of all evaluations (true) or the last one (false). */
  readonly loadBestModelAtEnd: boolean;
  /** The run ends after so many evaluations in a row without a better model; 0: it goes on to its end. */
  readonly earlyStoppingPatience: number;
  /** By how much a model must be better to count as better for early stopping. */
  readonly earlyStoppingThreshold: number;
}

/** When something happens. */
export type Strategy = 'no' | 'steps' | 'epoch';

const strategies: readonly Strategy[] = ['no', 'steps', 'epoch'];

/**
 * What holds where nothing is said.
 *
 * @example
 * defaultTrainingOptions.learningRate // 0.00005
 */
export const defaultTrainingOptions: TrainingOptions = {
  epochs: 3,
  maxSteps: 0,
  batchSize: 8,
  evalBatchSize: 32,
  learningRate: 5e-5,
  lrSchedulerType: 'linear',
  lrSchedulerKwargs: {},
  warmupRatio: 0,
  warmupSteps: 0,
  weightDecay: 0,
  optim: 'adamw',
  optimArgs: {},
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  adamEpsilon: 1e-8,
  maxGradNorm: 1,
  gradientAccumulationSteps: 1,
  seed: 42,
  lengthBucketing: true,
  shuffleBufferSize: 10_000,
  method: undefined,
  methodArgs: {},
  freeze: 'none',
  layerwiseLrDecay: 1,
  gradualUnfreezingSteps: 0,
  saveStrategy: 'epoch',
  saveSteps: 0,
  saveTotalLimit: undefined,
  evalStrategy: undefined,
  evalSteps: 0,
  metricForBestModel: undefined,
  greaterIsBetter: undefined,
  loadBestModelAtEnd: true,
  earlyStoppingPatience: 0,
  earlyStoppingThreshold: 0,
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
  ['shuffleBufferSize', whole(1), 'a whole number from 1'],
  ['layerwiseLrDecay', (v) => v > 0 && v <= 1, 'a factor above 0 and up to 1 (1: all layers alike)'],
  ['gradualUnfreezingSteps', whole(0), 'a whole number from 0 (0: all at once)'],
  ['saveSteps', whole(0), 'a whole number from 0'],
  ['saveTotalLimit', whole(1), 'a whole number from 1'],
  ['earlyStoppingPatience', whole(0), 'a whole number from 0 (0: no early stopping)'],
  ['earlyStoppingThreshold', (v) => v >= 0 && Number.isFinite(v), 'a number from 0'],
  ['evalSteps', whole(0), 'a whole number from 0 (0: after each epoch)'],
];

/** Fills in defaults and refuses what cannot be, quoting it. */
export function trainingOptions(given: Partial<TrainingOptions> & MethodShorthands): TrainingOptions {
  const defined = definedOptions(given);
  const options: TrainingOptions = { ...defaultTrainingOptions, ...defined };
  for (const [name, holds, expected] of rules) {
    const value = options[name];
    if (value === undefined && name === 'saveTotalLimit') continue;
    if (typeof value !== 'number' || !holds(value)) throw new UserError(`${name} is ${value}; it must be ${expected}`);
  }
  const unknown = Object.keys(defined).find((name) => !Object.hasOwn(defaultTrainingOptions, name));
  if (unknown !== undefined) {
    const names = Object.keys(defaultTrainingOptions).join(', ');
    const likely = likelyName(unknown, Object.keys(defaultTrainingOptions));
    const hint = likely === undefined ? '' : `. Did you mean ${likely}?`;
    throw new UserError(`there is no setting "${unknown}"; there are: ${names}${hint}`);
  }
  const { freeze, lrSchedulerType } = options;
  if (!scheduleNames.includes(lrSchedulerType)) {
    throw new UserError(`lrSchedulerType is ${lrSchedulerType}; it must be one of ${scheduleNames.join(', ')}`);
  }
  checkScheduleSettings(lrSchedulerType, options.lrSchedulerKwargs, options.learningRate);
  for (const name of ['lengthBucketing', 'loadBestModelAtEnd', 'greaterIsBetter'] as const) {
    const value = options[name];
    if (typeof value === 'boolean' || (value === undefined && name === 'greaterIsBetter')) continue;
    throw new UserError(`${name} is ${value}; it must be true or false`);
  }
  checkStrategies(options);
  const { name: optim, args: optimArgs } = checkedOptimizer(options, defaultTrainingOptions);
  if (freeze !== 'none' && freeze !== 'backbone' && !whole(0)(freeze)) {
    throw new UserError(`freeze is ${freeze}; it must be "backbone", or how many of the first layers stay as they are`);
  }
  checkMethod(options);
  return { ...options, optim, optimArgs };
}

/** Those that were given, a method's short form written out. */
const definedOptions = (given: Partial<TrainingOptions> & MethodShorthands): Partial<TrainingOptions> =>
  withMethod(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));

function checkStrategies(options: TrainingOptions): void {
  for (const name of ['saveStrategy', 'evalStrategy'] as const) {
    const value = options[name];
    if (value === undefined || strategies.includes(value)) continue;
    throw new UserError(`${name} is ${value}; it must be one of ${strategies.join(', ')}`);
  }
  const { saveStrategy, saveSteps, evalStrategy, evalSteps } = options;
  if (saveStrategy === 'steps' && saveSteps === 0)
    throw new UserError('saveStrategy is steps; saveSteps must say how many');
  if (evalStrategy === 'steps' && evalSteps === 0)
    throw new UserError('evalStrategy is steps; evalSteps must say how many');
  if (saveStrategy === 'no' && saveSteps > 0) throw new UserError(`saveStrategy is no, but saveSteps is ${saveSteps}`);
  if (evalStrategy !== undefined && evalStrategy !== 'steps' && evalSteps > 0) {
    throw new UserError(`evalStrategy is ${evalStrategy}, but evalSteps is ${evalSteps}; leave one of the two out`);
  }
  if (options.earlyStoppingPatience > 0 && evalStrategy === 'no') {
    throw new UserError('earlyStoppingPatience needs evaluations, but evalStrategy is no');
  }
  if (options.lrSchedulerType === 'reduce_lr_on_plateau' && evalStrategy === 'no') {
    throw new UserError('reduce_lr_on_plateau needs evaluations, but evalStrategy is no');
  }
}

/** Refuses what makes no sense of a run without evaluation examples. */
export function checkWithoutEvaluation(options: TrainingOptions): void {
  const asked = [
    options.earlyStoppingPatience > 0 && `earlyStoppingPatience (${options.earlyStoppingPatience})`,
    options.metricForBestModel !== undefined && `metricForBestModel (${options.metricForBestModel})`,
    options.lrSchedulerType === 'reduce_lr_on_plateau' && 'reduce_lr_on_plateau',
    (options.evalSteps > 0 || options.evalStrategy === 'steps') && `evalSteps (${options.evalSteps})`,
    options.evalStrategy === 'epoch' && 'evalStrategy (epoch)',
  ].find((each) => each !== false);
  if (asked !== undefined) throw new UserError(`${asked} needs evaluation examples, and there are none; give some`);
}

/** When the model is evaluated, where that was left open. */
export const evaluationStrategy = ({ evalStrategy, evalSteps }: TrainingOptions): Strategy =>
  evalStrategy ?? (evalSteps > 0 ? 'steps' : 'epoch');
