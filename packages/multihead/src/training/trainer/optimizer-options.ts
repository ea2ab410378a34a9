/** @file The options that select a run's optimizer. */
import {
  type BuiltInOptimizer,
  chooseOptimizer,
  makeOptimizer,
  type OptimizerChoice,
  optimizerNamed,
} from '../../engine/optimizers/registry.js';
import { UserError } from '../../platform/errors.js';
import type { TrainingOptions } from './options.js';

/** The name of an optimizer: built-in, Transformers' name for it, or registered. */
export type OptimizerName = BuiltInOptimizer | (string & {});

/** An optimizer's own settings, by name; its schema checks them. */
export type OptimizerArguments = Readonly<Record<string, unknown>>;

/** The options that select a run's optimizer. */
export type OptimizerOptions = Pick<TrainingOptions, 'optim' | 'optimArgs' | 'adamBeta1' | 'adamBeta2' | 'adamEpsilon'>;

/** AdamW's settings under the names that they have in Transformers' TrainingArguments. */
const adamNames = { adamBeta1: 'beta1', adamBeta2: 'beta2', adamEpsilon: 'epsilon' } as const;

/** Options without effect if the optimizer chooses its own learning rate. */
const rateNames = ['learningRate', 'lrSchedulerType', 'warmupRatio', 'warmupSteps'] as const;

type Checked = OptimizerOptions & Pick<TrainingOptions, (typeof rateNames)[number]>;

/** Picks the optimizer options from a run's settings. */
export const optimizerOptions = (options: OptimizerOptions): OptimizerOptions => {
  const { optim, optimArgs, adamBeta1, adamBeta2, adamEpsilon } = options;
  return { optim, optimArgs, adamBeta1, adamBeta2, adamEpsilon };
};

/**
 * Returns the chosen optimizer with its settings.
 *
 * @throws UserError for an unknown optimizer, a setting that it does not have, or a value out of its limits
 */
export function optimizerChoice({ optim, optimArgs, ...adam }: OptimizerOptions): OptimizerChoice {
  const { name } = optimizerNamed(optim);
  if (name !== 'adamw') return chooseOptimizer(name, optimArgs);
  const named = Object.entries(adamNames).map(([option, setting]) => [setting, adam[option as keyof typeof adam]]);
  return chooseOptimizer(name, { ...Object.fromEntries(named), ...optimArgs });
}

/**
 * Refuses what cannot be, and gives the optimizer's own name, and its arguments in the order of its schema.
 *
 * @param defaults what is as it is here was not asked for
 */
export function checkedOptimizer(
  options: Checked,
  defaults: Checked,
): { readonly name: OptimizerName; readonly args: OptimizerArguments } {
  const { name, settings } = optimizerChoice(options);
  for (const [option, setting] of Object.entries(adamNames) as [keyof typeof adamNames, string][]) {
    if (options[option] === defaults[option]) continue;
    if (name !== 'adamw') {
      const own = setting in settings ? `; its own is optimArgs: { ${setting} }` : '';
      throw new UserError(`${option} is ${options[option]}, but it is a setting of adamw and optim is ${name}${own}`);
    }
    if (setting in options.optimArgs)
      throw new UserError(`${option} and optimArgs.${setting} are one; give one of them`);
  }
  if (makeOptimizer({ name, settings }).ownRate) {
    const unused = rateNames.find((option) => options[option] !== defaults[option]);
    if (unused)
      throw new UserError(
        `${unused} is given, but ${name} chooses its learning rate itself with these optimArgs; leave it out`,
      );
  }
  const given = Object.entries(settings).filter(([setting]) => options.optimArgs[setting] !== undefined);
  return { name, args: Object.fromEntries(given) };
}

export { optimizerNamed, optimizerNames } from '../../engine/optimizers/registry.js';
