/** @file What `multihead train` does: reads data and model, trains, evaluates, saves, reports. */
import type { ExampleStream } from '../data/example-stream.js';
import { UserError } from '../errors.js';
import { AutoConfig } from '../models/auto-config.js';
import {
  type AutoModelClass,
  AutoModelForQuestionAnswering,
  AutoModelForSequenceClassification,
} from '../models/auto-model.js';
import type { LabelledConfig } from '../models/label-settings.js';
import type { PretrainedModel } from '../models/pretrained.js';
import { HistoryListener, type ReportInputs } from '../report/run-report.js';
import { checkWhole, maxLengthFor } from '../tasks/limits.js';
import { QuestionAnswering, usualWindow } from '../tasks/question-answering/question-answering.js';
import type { Evaluation, Feature, TaskName } from '../tasks/task.js';
import { balancedClassWeights, classWeightsByName } from '../tasks/text-classification/class-weights.js';
import { classificationTask, usualLength } from '../tasks/text-classification/text-classification.js';
import { AutoTokenizer } from '../text/auto-tokenizer.js';
import { type TrainingOptions, trainingOptions } from '../training/options.js';
import { Trainer } from '../training/trainer.js';
import type { BadRows } from './bad-rows.js';
import { dryRun } from './dry-run.js';
import { questionsReport } from './evaluate-questions.js';
import { textsReport } from './evaluate-texts.js';
import { type Evaluated, evaluateWindows, type Found, type TaskReport } from './evaluate-windows.js';
import { readEvents } from './events-file.js';
import { noteListener } from './model-source.js';
import { given, type QuestionAnsweringArguments, questionAnsweringOptions } from './options.js';
import { ReportFiles } from './report-files.js';
import { type RunArguments, startRun, trainUntilInterrupted } from './run.js';
import { lockOutput } from './run-lock.js';
import { checkOutput, runSettings } from './run-options.js';
import { trainSeeds } from './seeds.js';
import {
  evaluationSource,
  readQuestionData,
  readTextData,
  type TextData,
  type TrainingDataArguments,
} from './training-data.js';
import { usualSettings } from './usual-settings.js';

/** The command's options, as the command line gives them. */
export interface TrainArguments
  extends Partial<TrainingOptions>,
    TrainingDataArguments,
    QuestionAnsweringArguments,
    RunArguments {
  readonly model?: string;
  readonly fromScratch?: boolean;
  readonly config?: string;
  readonly tokenizer?: string;
  readonly maxLength?: number;
  readonly labelSmoothing?: number;
  readonly classWeights?: 'balanced' | Readonly<Record<string, number>>;
  readonly seeds?: readonly number[];
  readonly dryRun?: boolean;
}

/** Runs the command. */
export async function train(task: TaskName, options: TrainArguments): Promise<void> {
  trainingOptions(runSettings(options)); // refuse what cannot be before anything is read
  checkWhole({ loggingSteps: options.loggingSteps });
  checkSources(options);
  const trainOnce = task === 'question-answering' ? trainQuestionAnswering : trainClassification;
  if (options.seeds && !options.dryRun) {
    await trainSeeds(options.seeds, options, trainOnce);
    return;
  }
  if (!options.dryRun) await checkOutput(options);
  await trainOnce(options);
}

async function trainClassification(options: TrainArguments): Promise<Evaluation | undefined> {
  const data = await readTextData(options);
  const { train, evaluation, badRows } = data;
  const { names, problemType } = data.labels;
  const labels = problemType === 'regression' ? ['LABEL_0'] : [...names];
  const model = await startingModel(AutoModelForSequenceClassification, options, {
    id2label: labels,
    numLabels: labels.length,
    problemType,
  });
  const tokenizer = await AutoTokenizer.fromPretrained(tokenizerFolder(options));
  const maxLength = maxLengthFor(model.limits, options.maxLength, usualLength);
  const classWeights = options.classWeights && weightsOf(options.classWeights, data, model.config);
  const settings = { ...given(options, 'labelSmoothing'), ...(classWeights && { classWeights }) };
  const task = classificationTask(model.config, { tokenizer, maxLength, ...settings });
  return runTrainer(options, { model, task, tokenizer, train, evaluation }, { badRows, report: textsReport(task) });
}

async function trainQuestionAnswering(options: TrainArguments): Promise<Evaluation | undefined> {
  const { train, evaluation, badRows, hasImpossible } = await readQuestionData(options);
  const model = await startingModel(AutoModelForQuestionAnswering, options, {});
  const tokenizer = await AutoTokenizer.fromPretrained(tokenizerFolder(options));
  const maxLength = maxLengthFor(model.limits, options.maxLength, usualWindow);
  const limits = questionAnsweringOptions(options, hasImpossible);
  const task = new QuestionAnswering({ tokenizer, maxLength, ...limits });
  return runTrainer(options, { model, task, tokenizer, train, evaluation }, { badRows, report: questionsReport(task) });
}

async function runTrainer<Example, OneFeature extends Feature, Decoded, Prediction>(
  options: TrainArguments,
  parts: {
    readonly model: PretrainedModel;
    readonly task: Evaluated<Example, OneFeature, Decoded, Prediction>['task'];
    readonly tokenizer: Awaited<ReturnType<typeof AutoTokenizer.fromPretrained>>;
    readonly train: readonly Example[] | ExampleStream<Example>;
    readonly evaluation: readonly Example[] | undefined;
  },
  { badRows, report }: { readonly badRows: BadRows; readonly report: TaskReport<Example, Prediction> },
): Promise<Evaluation | undefined> {
  const usual = usualSettings(runSettings(options), parts.model.weights.count, parts.train.length);
  for (const note of usual.notes) console.error(note);
  const settings = { ...runSettings(options), ...usual.settings };
  if (options.dryRun) {
    const evaluationExamples = parts.evaluation?.length ?? 0;
    await dryRun({ ...parts, ...settings }, { evaluationExamples, json: options.json });
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
    const evaluated = { ...parts, report };
    ({ evaluation, page } = await evaluateAndReport(evaluated, parts.evaluation, {
      ...{ output, batchSize, about: { ...about, ...run } },
    }));
  }
  progress.finished({ task: parts.task.name, output, report: evaluation?.report, page });
  await parts.model.dispose();
  return evaluation;
}

/** Evaluates the trained model on examples that are in memory, in the batches of the evaluations while training. */
async function evaluateAndReport<Example, OneFeature extends Feature, Decoded, Prediction>(
  evaluated: Evaluated<Example, OneFeature, Decoded, Prediction>,
  held: readonly Example[],
  { output, batchSize, about }: { output: string; batchSize: number; about: Omit<ReportInputs, keyof Found> },
): Promise<{ evaluation: Evaluation; page: string }> {
  async function* all(): AsyncGenerator<readonly Example[]> {
    yield held;
  }
  const files = await ReportFiles.begin(output);
  try {
    const found = await evaluateWindows(
      evaluated,
      { length: held.length, examples: all, sizeOf: () => 0 },
      {
        ...{ batchSize, files, limits: { examples: held.length, size: 1 } },
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

/** Weights for the labels in the loss. */
function weightsOf(
  asked: NonNullable<TrainArguments['classWeights']>,
  { labelCounts }: TextData,
  { id2label, problemType }: LabelledConfig,
): number[] {
  if (problemType !== 'single_label_classification') {
    throw new UserError(`--class-weights go with one label a text; the labels make it ${problemType}`);
  }
  return asked === 'balanced' ? balancedClassWeights(labelCounts, id2label) : classWeightsByName(asked, id2label);
}

/** The model that training begins with. */
async function startingModel<M extends PretrainedModel>(
  auto: AutoModelClass<M>,
  options: TrainArguments,
  changes: Partial<LabelledConfig>,
): Promise<M> {
  const { seed = 42 } = options;
  if (options.model) {
    const model = await auto.fromPretrained(options.model, { config: changes as Partial<M['config']>, seed });
    if (model.loadingReport?.replaced) await tellOfNewHead(options.model, model, options.json);
    return model;
  }
  const config = await AutoConfig.fromFile(options.config as string);
  return auto.fromConfig({ ...config, ...changes }, seed);
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

const tokenizerFolder = ({ tokenizer, model }: TrainArguments): string => tokenizer ?? (model as string);

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
