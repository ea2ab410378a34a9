/** @file Training options: defaults and validation, of each option and of combinations. */
import { UserError } from '../../platform/errors.js';
import { parseOptions } from '../../platform/option-schemas.js';
import { checkMethod, type MethodShorthands, withMethod } from '../methods/method-options.js';
import { rateFactor } from '../methods/registry.js';
import { checkScheduleSettings } from '../schedules/schedule.js';
import { checkedOptimizer } from './optimizer-options.js';
import { type Strategy, type TrainingOptions, trainingSchema } from './training-schema.js';

/**
 * Default training options.
 *
 * @example
 * defaultTrainingOptions.learningRate // 0.00005
 */
export const defaultTrainingOptions: TrainingOptions = trainingSchema.parse({});

/**
 * Validates training options and fills in defaults.
 *
 * @throws UserError that names the option, its value and what was expected
 */
export function trainingOptions(given: Partial<TrainingOptions> & MethodShorthands): TrainingOptions {
  const written = withMethod(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  const parsed = parseOptions(trainingSchema, written, { of: 'training options' });
  const usual = { ...defaultTrainingOptions, learningRate: usualLearningRate(parsed) };
  const options: TrainingOptions = { ...parsed, learningRate: written.learningRate ?? usual.learningRate };
  checkScheduleSettings(options.lrSchedulerType, options.lrSchedulerKwargs, options.learningRate);
  checkStrategies(options);
  const { name: optim, args: optimArgs } = checkedOptimizer(options, usual);
  checkMethod(options);
  return { ...options, optim, optimArgs };
}

/** Default learning rate, which depends on the training method. */
const usualLearningRate = (options: Pick<TrainingOptions, 'method' | 'freeze'>): number =>
  defaultTrainingOptions.learningRate * rateFactor(options);

function checkStrategies(options: TrainingOptions): void {
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

/** Throws for options that make no sense without evaluation examples. */
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

/** Returns the evaluation strategy, or its default. */
export const evaluationStrategy = ({ evalStrategy, evalSteps }: TrainingOptions): Strategy =>
  evalStrategy ?? (evalSteps > 0 ? 'steps' : 'epoch');

export type { Strategy, TrainingOptions } from './training-schema.js';
