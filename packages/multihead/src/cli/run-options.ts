/** @file What commands that train have in common: their options, and what becomes of the output folder. */
import { type Command, Option } from 'commander';
import { exists, listDirectory } from '#files';
import { UserError } from '../errors.js';
import type { TrainingOptions } from '../training/options.js';
import { scheduleNames } from '../training/schedule.js';
import { number, verboseOption } from './options.js';

/** Where the result goes, and what may be done to what is there. */
export interface OutputArguments {
  readonly output: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
}

/** Adds the settings of a run, and `--output` with what belongs to it. */
export function addRunOptions(command: Command, defaults: { readonly epochs: number }): Command {
  return command
    .requiredOption('--output <folder>', 'where the trained model goes')
    .option('--epochs <count>', `passes over the data (default: ${defaults.epochs})`, number)
    .option('--max-steps <count>', 'steps in all; counts before --epochs', number)
    .option('--batch-size <count>', 'examples a batch (default: 8)', number)
    .option('--eval-batch-size <count>', 'examples a batch of evaluation (default: 32)', number)
    .option('--learning-rate <rate>', 'peak learning rate (default: 5e-5)', number)
    .addOption(
      new Option('--lr-scheduler-type <name>', 'how the rate goes on (default: linear)').choices(scheduleNames),
    )
    .option('--warmup-ratio <share>', 'share of steps over which the rate rises (default: 0)', number)
    .option('--warmup-steps <count>', 'steps over which the rate rises; counts before --warmup-ratio', number)
    .option('--weight-decay <rate>', 'decoupled weight decay, on matrices only (default: 0)', number)
    .option('--adam-beta1 <value>', 'decay of the first moment (default: 0.9)', number)
    .option('--adam-beta2 <value>', 'decay of the second moment (default: 0.999)', number)
    .option('--adam-epsilon <value>', 'keeps divisions finite (default: 1e-8)', number)
    .option('--max-grad-norm <norm>', 'clip the gradient to this norm, 0 for no limit (default: 1)', number)
    .option('--gradient-accumulation-steps <count>', 'batches averaged for one step (default: 1)', number)
    .option('--no-length-bucketing', 'mix texts of all lengths in a batch')
    .option('--seed <number>', 'decides new weights, order and dropout (default: 42)', number)
    .option('--eval-steps <count>', 'evaluate every so many steps (default: after each epoch)', number)
    .option('--save-steps <count>', 'a checkpoint every so many steps, besides each epoch (default: 0, none)', number)
    .option('--logging-steps <count>', 'a line every so many steps where the output is no terminal', number, 10)
    .option('--resume', 'go on from the newest checkpoint in the output folder')
    .option('--overwrite', 'replace what the output folder holds')
    .addOption(verboseOption());
}

/** Nothing that is there is lost without a word; with one, not before the new run has something to put in its place. */
export async function checkOutput({ output, resume, overwrite }: OutputArguments): Promise<void> {
  if (resume && overwrite) throw new UserError('--resume and --overwrite exclude each other; give one of them');
  if (resume || overwrite || !(await exists(output))) return;
  const names = (await listDirectory(output)).filter((name) => /^(model\.safetensors|checkpoint-\d+)$/.test(name));
  if (names.length === 0) return;
  throw new UserError(
    `${output}: already holds ${names.join(', ')}. Give another --output, --resume to go on, or --overwrite to replace it.`,
  );
}

/** The options that Trainer knows, those that were given. */
export function runSettings(options: Partial<TrainingOptions>): Partial<TrainingOptions> {
  return given(
    options,
    'epochs',
    'maxSteps',
    'batchSize',
    'evalBatchSize',
    'learningRate',
    'lrSchedulerType',
    'warmupRatio',
    'warmupSteps',
    'weightDecay',
    'adamBeta1',
    'adamBeta2',
    'adamEpsilon',
    'maxGradNorm',
    'gradientAccumulationSteps',
    'seed',
    'lengthBucketing',
    'freeze',
    'saveSteps',
    'evalSteps',
  );
}

/** Those of some properties that are not undefined. */
export function given<T extends object, Key extends keyof T>(
  object: T,
  ...keys: Key[]
): { [K in Key]?: NonNullable<T[K]> } {
  return Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]]))) as {
    [K in Key]?: NonNullable<T[K]>;
  };
}
