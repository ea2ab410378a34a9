/** @file What `multihead train` does: reads data and model, trains, evaluates, saves, reports. */
import type { ExampleStream } from '../../../data/streams/example-stream.js';
import { tokenizerFolder } from '../../../models/adapters/locate-model.js';
import { AutoConfig } from '../../../models/auto-config.js';
import { type AutoModelClass, autoModelFor } from '../../../models/auto-model.js';
import type { LabelledConfig } from '../../../models/core/label-settings.js';
import type { PretrainedModel } from '../../../models/core/pretrained.js';
import type { HeadName } from '../../../models/family.js';
import { UserError } from '../../../platform/errors.js';
import { HistoryListener, type ReportInputs } from '../../../report/run-report.js';
import type { TaskDefinition } from '../../../tasks/define-task.js';
import { taskNamed } from '../../../tasks/registry.js';
import type { Evaluation, Task } from '../../../tasks/task.js';
import { checkWhole, maxLengthFor } from '../../../tasks/validate-features.js';
import { AutoTokenizer } from '../../../text/tokenizer/auto-tokenizer.js';
import { type TrainingOptions, trainingOptions } from '../../../training/trainer/options.js';
import { Trainer } from '../../../training/trainer/trainer.js';
import { BadRows } from '../../options/bad-rows.js';
import { noteListener } from '../../options/resolve-hub-model.js';
import { checkOutput, runSettings } from '../../options/run-options.js';
import { refuseOtherTasks, taskOptions } from '../../options/task-options.js';
import { ReportFiles } from '../../output/report-files.js';
import { readEvents } from '../../run/events-file.js';
import { type RunArguments, startRun, trainUntilInterrupted } from '../../run/run.js';
import { lockOutput } from '../../run/run-lock.js';
import { type Evaluated, evaluateWindows, type Found } from '../evaluate/evaluate-windows.js';
import { dryRun } from './dry-run.js';
import { repeatedTexts } from './repeated-texts.js';
import { trainSeeds } from './seeds.js';
import { evaluationSource, readTrainingData, type TrainingDataArguments } from './training-data.js';
import { usualSettings } from './usual-settings.js';

/** The command's options, as the command line gives them. */
export interface TrainArguments extends Partial<TrainingOptions>, TrainingDataArguments, RunArguments {
  readonly model?: string;
  readonly fromScratch?: boolean;
  readonly config?: string;
  readonly tokenizer?: string;
  readonly maxLength?: number;
  readonly seeds?: readonly number[];
  readonly dryRun?: boolean;
  /** Metrics that a search compares trials by; its dry run checks that evaluations have them. */
  readonly objective?: readonly string[];
}

/** Runs the command. */
export async function train(name: string, options: TrainArguments): Promise<void> {
  const task = taskNamed(name);
  refuseOtherTasks(task, ['reading', 'training', 'settings'], options);
  trainingOptions(runSettings(options)); // refuse what cannot be before anything is read
  checkWhole({ loggingSteps: options.loggingSteps });
  checkSources(options);
  const trainOnce = (one: TrainArguments) => trainTask(task, one);
  if (options.seeds && !options.dryRun) {
    await trainSeeds(options.seeds, options, trainOnce);
    return;
  }
  if (!options.dryRun) await checkOutput(options);
  await trainOnce(options);
}

async function trainTask(definition: TaskDefinition, options: TrainArguments): Promise<Evaluation | undefined> {
  const badRows = new BadRows(options.skipBadRows);
  const { train, evaluation, facts } = await readTrainingData(definition, options, badRows);
  const opened = options.model === undefined ? undefined : await definition.openFolder?.(options.model);
  const start = opened ? { ...options, model: opened.folder } : options;
  const given = taskOptions(definition, ['settings', 'training'], options);
  const config = { ...opened?.config, ...definition.startingConfig?.(facts, given) };
  const model = await startingModel(definition.head, start, config);
  const tokenizer = await AutoTokenizer.fromPretrained(await tokenizerOf(start));
  const maxLength = maxLengthFor(model.limits, options.maxLength, opened?.maxLength ?? definition.usualLength);
  const settings = { ...opened?.options, ...given };
  const implied = definition.usualTraining?.({ config: model.config, options: settings, facts });
  const usual = usualSettings({ ...given, ...runSettings(options) }, model.weights.count, train.length, implied);
  for (const note of usual.notes) console.error(note);
  const ofTask = { ...settings, ...taskOptions(definition, ['settings', 'training'], usual.settings) };
  const task = definition.create({ config: model.config, tokenizer, maxLength, options: ofTask, facts });
  const parts = { model, task, tokenizer, train, evaluation };
  return runTrainer(definition, { ...options, ...usual.settings }, parts, badRows);
}

async function runTrainer(
  definition: TaskDefinition,
  options: TrainArguments,
  parts: {
    readonly model: PretrainedModel;
    readonly task: Task<unknown>;
    readonly tokenizer: Awaited<ReturnType<typeof AutoTokenizer.fromPretrained>>;
    readonly train: readonly unknown[] | ExampleStream<unknown>;
    readonly evaluation: readonly unknown[] | undefined;
  },
  badRows: BadRows,
): Promise<Evaluation | undefined> {
  const settings = runSettings(options);
  const { batchSize } = trainingOptions(settings);
  const repeated = Array.isArray(parts.train) && repeatedTexts(parts.task, parts.train, batchSize);
  if (repeated) console.error(repeated);
  if (options.dryRun) {
    const evaluationExamples = parts.evaluation?.length ?? 0;
    const ofTask = taskOptions(definition, ['settings', 'training'], options);
    const metrics = options.objective?.map((name) => ({ option: '--objective', name }));
    await dryRun({ ...parts, ...settings }, { evaluationExamples, json: options.json, ofTask, metrics });
    return undefined;
  }
  const { output, resume, overwrite } = options;
  lockOutput(output);
  await badRows.write(output);
  const { progress, onEvent } = await startRun({ ...options, ...settings }, parts.model);
  const onEvaluating = (done: number, total: number) => progress.evaluating?.(done, total);
  const trainer = new Trainer({ ...parts, ...settings, output, resume, overwrite, onEvent, onEvaluating });
  if (!(await trainUntilInterrupted(trainer, progress))) return undefined;
  let evaluation: Evaluation | undefined;
  let page: string | undefined;
  if (parts.evaluation) {
    const history = new HistoryListener();
    for (const event of readEvents(output)) history.listen(event);
    const about = { task: parts.task.name, model: output, data: evaluationSource(options), ...originOf(options) };
    const run = { settings: { ...trainer.options }, history: history.history };
    const batchSize = trainer.options.evalBatchSize;
    const evaluated = { model: parts.model, definition, task: parts.task };
    ({ evaluation, page } = await evaluateAndReport(evaluated, parts.evaluation, {
      output,
      batchSize,
      about: { ...about, ...run },
    }));
  }
  const { name, commands } = definition;
  const tryIt = (folder: string) => `predict ${name} --model ${folder} ${commands.tryIt}`;
  progress.finished({ task: name, output, tryIt, report: evaluation?.report, page });
  await parts.model.dispose();
  return evaluation;
}

/** Evaluates the trained model on examples that are in memory, in the batches of the evaluations while training. */
async function evaluateAndReport(
  evaluated: Evaluated,
  held: readonly unknown[],
  { output, batchSize, about }: { output: string; batchSize: number; about: Omit<ReportInputs, keyof Found> },
): Promise<{ evaluation: Evaluation; page: string }> {
  async function* all(): AsyncGenerator<readonly unknown[]> {
    yield held;
  }
  const files = await ReportFiles.begin(output);
  try {
    const found = await evaluateWindows(
      evaluated,
      { length: held.length, examples: all, sizeOf: () => 0 },
      {
        batchSize,
        files,
        limits: { examples: held.length, size: 1 },
        whenInterrupted: 'the model is saved, but not its report; multihead evaluate --report writes one',
      },
    );
    return { evaluation: found.evaluation, page: await files.finish({ ...about, ...found }) };
  } catch (error) {
    await files.abandon();
    throw error;
  }
}

/** Where the model comes from, for its report. */
const originOf = ({ model, config, train }: TrainArguments) => ({
  baseModel: model ?? `random weights (${config})`,
  trainingData: train,
});

/** The model that training begins with. */
async function startingModel(
  head: HeadName | 'Model',
  options: TrainArguments,
  changes: Readonly<Record<string, unknown>>,
): Promise<PretrainedModel> {
  const { seed = 42 } = options;
  const auto: AutoModelClass<PretrainedModel> = autoModelFor(head);
  if (options.model) {
    const model = await auto.fromPretrained(options.model, { config: changes, seed });
    if (model.loadingReport?.replaced) await tellOfNewHead(options.model, model, options.json);
    return model;
  }
  const config = await AutoConfig.fromFile(options.config as string);
  return auto.fromConfig({ ...config, ...changes }, { seed });
}

/** Says that what the model had learned of labels is of no use for those of the data. */
async function tellOfNewHead(folder: string, model: PretrainedModel, json = false): Promise<void> {
  const before = (await AutoConfig.fromPretrained(folder)) as LabelledConfig;
  const { id2label, problemType } = model.config as LabelledConfig;
  const named = problemType === 'regression' ? 'numbers' : inShort(id2label);
  noteListener(json)(
    `The labels of ${folder} (${inShort(before.id2label)}) are not those of the data (${named}): ` +
      `its head (${model.loadingReport?.replaced?.join(', ')}) is not used, and a new one is trained.`,
  );
}

const inShort = (labels: readonly string[]): string =>
  labels.length > 8 ? `${labels.slice(0, 8).join(', ')}, … ${labels.length} in all` : labels.join(', ');

const tokenizerOf = ({ tokenizer, model }: TrainArguments): Promise<string> =>
  tokenizerFolder(tokenizer ?? (model as string));

/** Either a pretrained model, or what is needed to make one. */
function checkSources({ model, fromScratch, config, tokenizer }: TrainArguments): void {
  if (model && fromScratch) throw new UserError('--model and --from-scratch exclude each other; give one of them');
  if (model && config)
    throw new UserError('--config goes with --from-scratch; a --model has a configuration of its own');
  if (model) return;
  if (!fromScratch)
    throw new UserError('give --model FOLDER to fine-tune, or --from-scratch with --config and --tokenizer');
  if (!config) throw new UserError('--from-scratch needs --config FILE, the config.json of the model to make');
  if (!tokenizer) throw new UserError('--from-scratch needs --tokenizer FOLDER, with a tokenizer.json or vocab.txt');
}
