/** @file What commands that train have in common: their options, and what becomes of the output folder. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { isInside, joinPath, realPath } from '#files';
import { findSourceFiles, standardInput } from '../../data/streams/source-files.js';
import { findTableFiles } from '../../data/tables/table-files.js';
import { UserError } from '../../platform/errors.js';
import { describeOptions } from '../../platform/option-schemas.js';
import type { ScheduleSettings } from '../../training/schedules/schedule.js';
import { optimizerNames } from '../../training/trainer/optimizer-options.js';
import type { TrainingOptions } from '../../training/trainer/options.js';
import { refuseResults } from '../../training/trainer/run-files.js';
import { trainingSchema } from '../../training/trainer/training-schema.js';
import { freeze, given, number, verboseOption } from './common-options.js';
import { addConfigFileOption } from './config-file.js';
import { camelCase } from './flag-names.js';
import { jsonObject } from './json-object.js';
import { methodSettings } from './method-options.js';
import { optimizerArguments, optimizerName } from './optimizer-option.js';
import { schemaFlags } from './schema-options.js';

/** The output folder, and whether its contents may be replaced or resumed. */
export interface OutputArguments {
  readonly output: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly reportTo?: 'tensorboard' | 'none';
}

/** Options that only fine-tuning has flags for. */
const ofFineTuning: readonly string[] = ['freeze', 'shuffleBufferSize'];

/** How the texts of some flags are read. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  lrSchedulerKwargs: scheduleSettings,
  optim: optimizerName,
  optimArgs: optimizerArguments,
  freeze,
};

/** The options of a run that have flags of their own; those of methods are the registry's. */
const runFlags = () => describeOptions(trainingSchema).filter(({ name }) => name !== 'method' && name !== 'methodArgs');

/**
 * Adds the options of a run, and `--output` with what belongs to it.
 *
 * @param usual defaults in words, where the command has its own
 */
export function addRunOptions(
  command: Command,
  {
    usual = {},
    isFineTuning = false,
  }: { readonly usual?: Readonly<Record<string, string>>; readonly isFineTuning?: boolean } = {},
): Command {
  addConfigFileOption(command).requiredOption('--output <folder>', 'folder for the trained model');
  for (const option of runFlags()) {
    const { name } = option;
    if (!isFineTuning && ofFineTuning.includes(name)) continue;
    const description = name === 'optim' ? `${option.description}: ${optimizerNames().join(', ')}` : undefined;
    for (const flag of schemaFlags(option, { description, usual: usual[name], read: readers[name] }))
      command.addOption(flag);
  }
  return command
    .option(
      '--seeds <numbers>',
      'train once per seed, such as 1,2,3, in sub-folders of --output; reports mean and standard deviation',
      seeds,
    )
    .addOption(
      new Option(
        '--dry-run',
        'count examples, measure a few steps, and estimate time and memory; writes nothing, and needs no --output',
      ).implies({ output: '' }),
    )
    .addOption(new Option('--report-to <what>', 'event files besides events.jsonl').choices(['tensorboard', 'none']))
    .option('--json', 'print events as JSON, one object per line, instead of text')
    .addOption(
      new Option('--logging-strategy <when>', 'when to print a line for a step if the output is not a terminal')
        .choices(['no', 'steps', 'epoch'])
        .default('steps'),
    )
    .option('--logging-steps <count>', 'steps between such lines if the output is not a terminal', number, 10)
    .option('--resume', 'resume from the newest checkpoint in the output folder; without one, start from the beginning')
    .option('--overwrite', 'replace the model and run in the output folder')
    .addOption(verboseOption());
}

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
        `--output ${output}: holds ${path}, which ${flag} reads; a run may overwrite files in its output folder. ` +
          'Give another --output, or move the file.',
      );
    }
  }
}

/** The options that Trainer knows, those that were given. */
export const runSettings = (options: Partial<TrainingOptions>): Partial<TrainingOptions> => ({
  ...given(options, ...runFlags().map(({ name }) => name as keyof TrainingOptions)),
  ...methodSettings(options),
});
