/** @file What `multihead evaluate` does: runs a trained model over examples and reports its scores. */
import { join } from 'node:path';
import { exists } from '#files';
import type { ExampleStream } from '../data/example-stream.js';
import { predictionWindow } from '../data/windows.js';
import { UserError } from '../errors.js';
import type { Evaluation, Feature, TaskName } from '../tasks/task.js';
import { reportFileNames } from '../training/run-files.js';
import { BadRows } from './bad-rows.js';
import type { DataArguments } from './data-options.js';
import { evaluateQuestions } from './evaluate-questions.js';
import { evaluateTexts } from './evaluate-texts.js';
import { type Evaluated, evaluateWindows } from './evaluate-windows.js';
import type { QuestionAnsweringArguments } from './options.js';
import { print } from './print.js';
import { checkReportFolder, ReportFiles } from './report-files.js';

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

/** Examples of a task, and the model that is to be evaluated on them. */
export interface Evaluatable<Example, OneFeature extends Feature, Decoded, Prediction> {
  readonly examples: ExampleStream<Example>;
  /** Loads the model. */
  load(): Promise<Evaluated<Example, OneFeature, Decoded, Prediction>>;
}

/** Runs the command. */
export async function evaluate(name: TaskName, options: EvaluateArguments): Promise<void> {
  if (options.report !== undefined) await checkReportFolder(options.report); // before hours go into an evaluation
  if (options.report !== undefined && !options.overwrite) await refuseReport(options.report);
  const began = performance.now();
  const badRows = new BadRows(options.skipBadRows);
  const evaluation =
    name === 'question-answering'
      ? await evaluateExamples(await evaluateQuestions(options, badRows), options, badRows)
      : await evaluateExamples(await evaluateTexts(options, badRows), options, badRows);
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

async function evaluateExamples<Example, OneFeature extends Feature, Decoded, Prediction>(
  { examples, load }: Evaluatable<Example, OneFeature, Decoded, Prediction>,
  { model: folder, data, report, batchSize }: EvaluateArguments,
  badRows: BadRows,
): Promise<Evaluation> {
  badRows.show();
  const evaluated = await load();
  const files = report === undefined ? undefined : await ReportFiles.begin(report);
  const whenInterrupted = 'the evaluation is not finished; the same command starts it anew';
  try {
    const found = await evaluateWindows(evaluated, examples, {
      ...{ batchSize, limits: predictionWindow, files, whenInterrupted },
    });
    await files?.finish({ task: evaluated.task.name, model: folder, data, ...found });
    if (report !== undefined) await badRows.write(report);
    await evaluated.model.dispose();
    return found.evaluation;
  } catch (error) {
    await files?.abandon();
    throw error;
  }
}
