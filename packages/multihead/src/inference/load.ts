/** @file A trained model folder, made ready for its task: model and task belong together. */
import { UserError } from '../errors.js';
import { AutoModelForQuestionAnswering, AutoModelForSequenceClassification } from '../models/auto-model.js';
import type { QuestionAnsweringModel, SequenceClassificationModel } from '../models/encoder-heads.js';
import { readEvaluationResults, readThresholds } from '../models/evaluation-results.js';
import type { FromPretrainedOptions, PretrainedModel } from '../models/pretrained.js';
import { maxLengthFor } from '../tasks/limits.js';
import {
  QuestionAnswering,
  type QuestionAnsweringOptions,
  usualWindow,
} from '../tasks/question-answering/question-answering.js';
import type { TaskName } from '../tasks/task.js';
import {
  classificationTask,
  type TextClassification,
  usualLength,
} from '../tasks/text-classification/text-classification.js';
import { AutoTokenizer } from '../text/auto-tokenizer.js';

/** Limits that a task runs with, with defaults of the task's own, and where its model computes. */
export interface TaskLimits extends Omit<QuestionAnsweringOptions, 'tokenizer'> {
  /** Where the model computes. Default: `cpu`. */
  readonly device?: FromPretrainedOptions['device'];
}

/** Each task with its model. */
export interface Loaded {
  'text-classification': { readonly model: SequenceClassificationModel; readonly task: TextClassification };
  'question-answering': { readonly model: QuestionAnsweringModel; readonly task: QuestionAnswering };
}

const loaders: { readonly [Name in TaskName]: (folder: string, limits: TaskLimits) => Promise<Loaded[Name]> } = {
  'text-classification': async (folder, { maxLength, device }) => {
    const model = withHead(
      await AutoModelForSequenceClassification.fromPretrained(folder, { device }),
      'text-classification',
    );
    const tokenizer = await AutoTokenizer.fromPretrained(folder);
    const length = maxLengthFor(model.limits, maxLength, usualLength);
    const thresholds = await readThresholds(folder);
    return { model, task: classificationTask(model.config, { tokenizer, maxLength: length, thresholds }) };
  },
  'question-answering': async (folder, { device, ...limits }) => {
    const model = withHead(
      await AutoModelForQuestionAnswering.fromPretrained(folder, { device }),
      'question-answering',
    );
    const tokenizer = await AutoTokenizer.fromPretrained(folder);
    const maxLength = maxLengthFor(model.limits, limits.maxLength, usualWindow);
    // What the evaluation in training found out of when there is no answer, where questions could have none.
    const { best_f1_thresh: threshold } = await readEvaluationResults(folder);
    const learned = threshold === undefined ? {} : { versionTwo: true, nullScoreDiffThreshold: threshold };
    return { model, task: new QuestionAnswering({ ...learned, ...defined(limits), maxLength, tokenizer }) };
  },
};

/** Limits that were given; what else the options of a pipeline hold is not the task's. */
const defined = (limits: TaskLimits): TaskLimits => {
  const { maxLength, stride, nBest, maxAnswerLength, versionTwo, nullScoreDiffThreshold, language } = limits;
  const all = { maxLength, stride, nBest, maxAnswerLength, versionTwo, nullScoreDiffThreshold, language };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

/**
 * Loads a folder for a task.
 *
 * @throws UserError for an unknown task, and for a folder that lacks a file or a trained head for the task
 */
export async function loadForTask<Name extends TaskName>(
  task: Name,
  folder: string,
  limits: TaskLimits = {},
): Promise<Loaded[Name]> {
  if (!Object.hasOwn(loaders, task)) {
    throw new UserError(`there is no task "${task}"; there are: ${Object.keys(loaders).join(', ')}`);
  }
  return loaders[task](folder, limits);
}

/**
 * Refuses a model whose head was never trained: its answers would be noise.
 *
 * @param command the command that trains one
 */
export function withHead<M extends PretrainedModel>(model: M, task: string, command = 'train'): M {
  const { newlyInitialized = [], path } = model.loadingReport ?? {};
  if (newlyInitialized.length > 0) {
    throw new UserError(
      `${path}: has no trained head for ${task} (missing: ${newlyInitialized.join(', ')}). ` +
        `Train one first: multihead ${command} ${task} --model ...`,
    );
  }
  return model;
}
