/** @file What `multihead evaluate` does: runs a trained model over examples and reports its scores. */
import { join } from 'node:path';
import { exists } from '#files';
import { readClassificationExamples } from '../data/classification.js';
import { readQuestionAnsweringExamples } from '../data/question-answering.js';
import { UserError } from '../errors.js';
import { loadForTask } from '../inference/load.js';
import type { PretrainedModel } from '../models/pretrained.js';
import type { Evaluation, TaskName } from '../tasks/task.js';
import { reportFileNames } from '../training/run-files.js';
import { BadRows } from './bad-rows.js';
import { type DataArguments, questionOptions, textOptions } from './data-options.js';
import { given, type QuestionAnsweringArguments, questionAnsweringOptions } from './options.js';
import { print } from './print.js';
import { checkReportFolder, type Evaluated, evaluateWithOutcomes, writeReport } from './report-files.js';

/** The command's options. */
export interface EvaluateArguments extends DataArguments, QuestionAnsweringArguments {
  readonly model: string;
  readonly data: string;
  readonly batchSize?: number;
  readonly maxLength?: number;
  readonly json?: boolean;
  /** A folder for report.json, report.html and predictions.jsonl. */
  readonly report?: string;
  /** Replace the report that is there. */
  readonly overwrite?: boolean;
}

/** Runs the command. */
export async function evaluate(name: TaskName, options: EvaluateArguments): Promise<void> {
  if (options.report !== undefined) await checkReportFolder(options.report); // before hours go into an evaluation
  if (options.report !== undefined && !options.overwrite) await refuseReport(options.report);
  const began = performance.now();
  const evaluation = await (name === 'question-answering' ? evaluateAnswers : evaluateLabels)(options);
  const seconds = (performance.now() - began) / 1000;
  if (options.json) console.log(JSON.stringify({ ...evaluation.metrics, seconds }));
  else print(`${evaluation.report}\n${seconds.toFixed(1)} s`);
}

/** Before hours are spent on an evaluation that has no place. */
async function refuseReport(folder: string): Promise<void> {
  for (const name of reportFileNames) {
    if (!(await exists(join(folder, name)))) continue;
    throw new UserError(
      `${folder}: already holds ${name}. Give another --report folder, or --overwrite to replace it.`,
    );
  }
}

async function evaluateLabels(options: EvaluateArguments): Promise<Evaluation> {
  const badRows = new BadRows(options.skipBadRows);
  const examples = await readClassificationExamples(options.data, textOptions(options, 'test', badRows));
  badRows.show();
  const { model, task } = await loadForTask('text-classification', options.model, options);
  return evaluateAndReport(options, model, { task, examples }, badRows);
}

async function evaluateAnswers(options: EvaluateArguments): Promise<Evaluation> {
  const badRows = new BadRows(options.skipBadRows);
  const examples = await readQuestionAnsweringExamples(options.data, questionOptions(options, 'test', badRows));
  badRows.show();
  const hasImpossible = examples.some(({ isImpossible }) => isImpossible);
  const limits = { ...given(options, 'maxLength'), ...questionAnsweringOptions(options, hasImpossible) };
  const { model, task } = await loadForTask('question-answering', options.model, limits);
  return evaluateAndReport(options, model, { task, examples }, badRows);
}

async function evaluateAndReport(
  { model: folder, data, report, batchSize }: EvaluateArguments,
  model: PretrainedModel,
  evaluated: Evaluated,
  badRows: BadRows,
): Promise<Evaluation> {
  const found = await evaluateWithOutcomes(model, evaluated, { batchSize });
  if (report) {
    await writeReport(report, { task: evaluated.task.name, model: folder, data, ...found });
    await badRows.write(report);
  }
  return found.evaluation;
}
