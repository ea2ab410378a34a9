/** @file What commands that train have in common: their options, and what becomes of the output folder. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isInside, joinPath, realPath } from '#files';
import { findSourceFiles, standardInput } from '../../data/streams/source-files.js';
import { findTableFiles } from '../../data/tables/table-files.js';
import { UserError } from '../../platform/errors.js';
import { type ScheduleSettings, scheduleNames } from '../../training/schedules/schedule.js';
import { optimizerNames } from '../../training/trainer/optimizer-options.js';
import type { TrainingOptions } from '../../training/trainer/options.js';
import { refuseResults } from '../../training/trainer/run-files.js';
import { given, number, verboseOption } from './common-options.js';
import { addConfigFileOption } from './config-file.js';
import { camelCase } from './flag-names.js';
import { jsonObject } from './json-object.js';
import { methodSettings } from './method-options.js';
import { optimizerArguments, optimizerName } from './optimizer-option.js';

/** Where the result goes, and what may be done to what is there. */
export interface OutputArguments {
  readonly output: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly reportTo?: 'tensorboard' | 'none';
}

/** Adds the settings of a run, and `--output` with what belongs to it. */
export function addRunOptions(command: Command, defaults: { readonly epochs: string; readonly rate: string }): Command {
  return addConfigFileOption(command)
    .requiredOption('--output <folder>', 'where the trained model goes')
    .option('--epochs <count>', `passes over the data (default: ${defaults.epochs})`, number)
    .option('--max-steps <count>', 'total number of steps; overrides --epochs', number)
    .option('--batch-size <count>', 'examples a batch (default: 8)', number)
    .option('--eval-batch-size <count>', 'examples a batch of evaluation (default: 32)', number)
    .option('--learning-rate <rate>', `peak learning rate (default: ${defaults.rate})`, number)
    .addOption(
      new Option('--lr-scheduler-type <name>', 'learning-rate schedule (default: linear)').choices(scheduleNames),
    )
    .option('--lr-scheduler-kwargs <json>', 'settings of the schedule, such as {"num_cycles": 3}', scheduleSettings)
    .option('--warmup-ratio <share>', 'fraction of the steps used for warm-up (default: 0)', number)
    .option('--warmup-steps <count>', 'warm-up steps; overrides --warmup-ratio', number)
    .option('--weight-decay <rate>', 'weight decay, on matrices only; decoupled but for sgd (default: 0)', number)
    .option('--optim <name>', `the optimizer: ${optimizerNames().join(', ')} (default: adamw)`, optimizerName)
    .option(
      '--optim-args <settings>',
      "the optimizer's settings, such as momentum=0.9,nesterov=true",
      optimizerArguments,
    )
    .option('--adam-beta1 <value>', 'adamw: decay of the first moment (default: 0.9)', number)
    .option('--adam-beta2 <value>', 'adamw: decay of the second moment (default: 0.999)', number)
    .option('--adam-epsilon <value>', 'adamw: keeps divisions finite (default: 1e-8)', number)
    .option('--max-grad-norm <norm>', 'clip the gradient to this norm, 0 for no limit (default: 1)', number)
    .option('--gradient-accumulation-steps <count>', 'batches averaged for one step (default: 1)', number)
    .option('--no-length-bucketing', 'mix texts of all lengths in a batch')
    .option('--seed <number>', 'random seed of new weights, data order and dropout (default: 42)', number)
    .option('--seeds <numbers>', 'a run for each, such as 1,2,3, in folders of --output; mean and deviation', seeds)
    .option('--dry-run', 'count, measure a few steps, estimate time and memory; nothing is written')
    .option(
      '--layerwise-lr-decay <factor>',
      'learning rate of each layer as a fraction of that of the layer above',
      number,
    )
    .option(
      '--gradual-unfreezing-steps <count>',
      'train the head first, and unfreeze one more layer every so many steps',
      number,
    )
    .addOption(new Option('--eval-strategy <when>', 'when to evaluate (default: epoch)').choices(strategies))
    .option('--eval-steps <count>', 'evaluate every so many steps (default: after each epoch)', number)
    .option('--metric-for-best-model <name>', "the metric that decides (default: the task's main one)")
    .option('--greater-is-better', 'more of that metric is better (default: as the metric says)')
    .option('--no-greater-is-better', 'less of it is better')
    .option('--load-best-model-at-end', 'the result is the best model of all evaluations (default)')
    .option('--no-load-best-model-at-end', 'the result is the last model, not the best one')
    .option('--early-stopping-patience <count>', 'stop after so many evaluations without improvement', number)
    .option('--early-stopping-threshold <gain>', 'least improvement that counts as better (default: 0)', number)
    .addOption(new Option('--save-strategy <when>', 'when to write checkpoints (default: epoch)').choices(strategies))
    .option('--save-steps <count>', 'a checkpoint every so many steps, besides each epoch (default: 0, none)', number)
    .option(
      '--save-total-limit <count>',
      'the newest checkpoints, kept after the end, too (default: 1, and none then)',
      number,
    )
    .addOption(new Option('--report-to <what>', 'event files besides events.jsonl').choices(['tensorboard', 'none']))
    .option('--json', 'events as JSON, one object a line, instead of text')
    .addOption(
      new Option('--logging-strategy <when>', 'when to write a line of a step where the output is no terminal')
        .choices(strategies)
        .default('steps'),
    )
    .option('--logging-steps <count>', 'a line every so many steps where the output is no terminal', number, 10)
    .option('--resume', 'resume from the newest checkpoint in the output folder')
    .option('--overwrite', 'replace what the output folder holds')
    .addOption(verboseOption());
}

const strategies = ['no', 'steps', 'epoch'];

/** Reads whole numbers with commas between. */
function seeds(text: string): number[] {
  const numbers = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(number);
  if (numbers.every(Number.isSafeInteger) && new Set(numbers).size === numbers.length) return numbers;
  throw new InvalidArgumentError('Different whole numbers with commas between were expected, such as 1,2,3.');
}

/** A schedule's settings, by Hugging Face's names or ours. */
function scheduleSettings(text: string): ScheduleSettings {
  return Object.fromEntries(Object.entries(jsonObject(text)).map(([name, value]) => [camelCase(name), value]));
}

/** What a run reads, which it must not replace. */
interface RunSources {
  readonly model?: string | undefined;
  readonly config?: string | undefined;
  readonly tokenizer?: string | undefined;
  readonly train?: string | undefined;
  readonly eval?: string | undefined;
  readonly corpus?: readonly string[] | undefined;
  readonly validationCorpus?: readonly string[] | undefined;
}

/**
 * Nothing that is there is lost without a word; with one, not before the new run has something to put in its place. What
 * the run is made from is not replaced at all, except for a model that is trained on in its own folder.
 */
export async function checkOutput({
  output,
  resume,
  overwrite,
  ...sources
}: OutputArguments & RunSources): Promise<void> {
  if (output === '') throw new UserError('--output is empty; a folder for the trained model was expected');
  if (resume && overwrite) throw new UserError('--resume and --overwrite exclude each other; give one of them');
  if (resume) return;
  if (!overwrite) {
    await refuseResults(output, 'Give another --output, --resume to continue, or --overwrite to replace it.');
  }
  const { model, config, tokenizer } = sources;
  const isOutput = async (folder: string | undefined) =>
    folder !== undefined && (await realPath(folder)) === (await realPath(output));
  const flag =
    config !== undefined && (await isOutput(joinPath(config, '..')))
      ? '--config'
      : !(await isOutput(model)) && (await isOutput(tokenizer)) && '--tokenizer';
  if (flag)
    throw new UserError(
      `${output}: is the folder of ${flag}, whose files the run would replace. Give another --output.`,
    );
  await keepData(output, sources);
}

/** Refuses an output folder in which data lie that the run reads: it may write and remove files there. */
async function keepData(output: string, sources: RunSources): Promise<void> {
  const { train, eval: evaluation, corpus = [], validationCorpus = [] } = sources;
  const tables = (source: string | undefined, split: 'train' | 'validation') => async () =>
    source === undefined ? [] : (await findTableFiles(source, { split })).map(({ path }) => path);
  const found = {
    '--train': tables(train, 'train'),
    '--eval': tables(evaluation, 'validation'),
    '--corpus': () => findSourceFiles(corpus),
    '--validation-corpus': () => findSourceFiles(validationCorpus),
  };
  const place = await realPath(output);
  for (const [flag, find] of Object.entries(found)) {
    const paths = await find().catch(() => []); // who reads them says what is wrong
    for (const path of paths) {
      if (path === standardInput || !isInside(await realPath(path), place)) continue;
      throw new UserError(
        `--output ${output}: holds ${path}, which ${flag} reads; a run may replace what is there. ` +
          'Give another --output, or move the file.',
      );
    }
  }
}

/** The options that Trainer knows, those that were given. */
export function runSettings(options: Partial<TrainingOptions>): Partial<TrainingOptions> {
  const named = given(
    options,
    'epochs',
    'maxSteps',
    'batchSize',
    'evalBatchSize',
    'learningRate',
    'lrSchedulerType',
    'lrSchedulerKwargs',
    'warmupRatio',
    'warmupSteps',
    'weightDecay',
    'optim',
    'optimArgs',
    'adamBeta1',
    'adamBeta2',
    'adamEpsilon',
    'maxGradNorm',
    'gradientAccumulationSteps',
    'seed',
    'lengthBucketing',
    'shuffleBufferSize',
    'freeze',
    'layerwiseLrDecay',
    'gradualUnfreezingSteps',
    'saveStrategy',
    'saveSteps',
    'saveTotalLimit',
    'evalStrategy',
    'evalSteps',
    'metricForBestModel',
    'greaterIsBetter',
    'loadBestModelAtEnd',
    'earlyStoppingPatience',
    'earlyStoppingThreshold',
    'methodArgs',
  );
  return { ...named, ...methodSettings(options) };
}
