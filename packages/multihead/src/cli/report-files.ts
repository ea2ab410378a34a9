/** @file A report's files in a folder: report.json, report.html, and predictions.jsonl with a line for each example. */
import { join } from 'node:path';
import { createFile, makeDirectory, writeAtomically } from '#files';
import type { ClassificationExample } from '../data/classification.js';
import type { QuestionAnsweringExample } from '../data/squad.js';
import { UserError } from '../errors.js';
import type { PretrainedModel } from '../models/pretrained.js';
import { type ReportInputs, runReport } from '../report/run-report.js';
import { answerOutcomes, classificationOutcomes, type Outcome } from '../tasks/outcome.js';
import { type PredictExamplesOptions, predictExamples } from '../tasks/predict.js';
import { answerFiles } from '../tasks/question-answering/answer-files.js';
import { QuestionAnswering } from '../tasks/question-answering/question-answering.js';
import type { TextClassification } from '../tasks/text-classification/text-classification.js';
import { version } from './version.js';
import { workBar } from './work-bar.js';

/** The file with a line for each example, which `multihead compare` reads. */
export const predictionsFile = 'predictions.jsonl';

/** What is evaluated and reported. */
export type Evaluated =
  | { readonly task: TextClassification; readonly examples: readonly ClassificationExample[] }
  | { readonly task: QuestionAnswering; readonly examples: readonly QuestionAnsweringExample[] };

/** What an evaluation finds, and files of the task's own. */
export interface Found extends Pick<ReportInputs, 'evaluation' | 'outcomes' | 'labels'> {
  readonly files?: Readonly<Record<string, object>>;
}

/** Runs a model over examples, with a bar in a terminal: its scores, and what it did with each. */
export async function evaluateWithOutcomes(
  model: PretrainedModel,
  { task, examples }: Evaluated,
  { batchSize }: { readonly batchSize?: number | undefined },
): Promise<Found> {
  const bar = workBar(examples.length, task instanceof QuestionAnswering ? 'questions' : 'texts');
  const onProgress = (share: number): void => bar.update(share * examples.length);
  try {
    return await outcomesOf(model, { task, examples } as Evaluated, {
      onProgress,
      ...(batchSize !== undefined && { batchSize }),
    });
  } finally {
    bar.close();
  }
}

async function outcomesOf(
  model: PretrainedModel,
  { task, examples }: Evaluated,
  settings: PredictExamplesOptions,
): Promise<Found> {
  if (task instanceof QuestionAnswering) {
    const answers = examples as readonly QuestionAnsweringExample[];
    const predictions = await predictExamples(model, task, answers, settings);
    const outcomes = answerOutcomes(task, predictions, answers);
    return { evaluation: task.metrics(predictions, answers), outcomes, files: answerFiles(predictions, answers) };
  }
  const texts = examples as readonly ClassificationExample[];
  const predictions = await predictExamples(model, task, texts, settings);
  return {
    evaluation: task.metrics(predictions, texts),
    outcomes: classificationOutcomes(task, predictions, texts),
    labels: task.problemType === 'single_label_classification' ? task.labels : undefined,
  };
}

/**
 * Makes the folder of a report and tries to write there.
 *
 * @throws UserError where that is not possible
 */
export async function checkReportFolder(folder: string): Promise<void> {
  if (folder === '') throw new UserError('--report is empty; a folder was expected');
  await makeDirectory(folder);
  const trial = await createFile(join(folder, 'report.json'));
  await trial.abandon();
}

/** Writes the files, and returns the path of report.html. The page's charts are loaded only here: they are of no use to other commands. */
export async function writeReport(folder: string, { files = {}, ...inputs }: ReportInputs & Found): Promise<string> {
  const { reportPage } = await import('../report/page.js');
  const report = runReport({ date: new Date().toISOString(), version, ...inputs });
  await makeDirectory(folder);
  await writeAtomically(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  const page = join(folder, 'report.html');
  await writeAtomically(page, reportPage(report, inputs.outcomes));
  for (const [name, content] of Object.entries(files)) {
    await writeAtomically(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }
  await writeAtomically(join(folder, predictionsFile), inputs.outcomes.map(line).join(''));
  return page;
}

const line = ({ badness: _, textPair: __, ...outcome }: Outcome): string => `${JSON.stringify(outcome)}\n`;
