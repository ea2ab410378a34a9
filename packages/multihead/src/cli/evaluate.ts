/** @file What `multihead evaluate` does: runs a trained model over examples and reports its scores. */
import { join } from 'node:path';
import { exists } from '#files';
import type { ExampleStream } from '../data/example-stream.js';
import { predictionWindow } from '../data/windows.js';
import { UserError } from '../errors.js';
import { loadForTask } from '../inference/load.js';
import type { TaskDefinition } from '../tasks/define-task.js';
import { taskNamed } from '../tasks/registry.js';
import type { Evaluation, Task } from '../tasks/task.js';
import { reportFileNames } from '../training/run-files.js';
import { BadRows } from './bad-rows.js';
import { type DataArguments, readingOf } from './data-options.js';
import { evaluateWindows } from './evaluate-windows.js';
import { print } from './print.js';
import { checkReportFolder, ReportFiles } from './report-files.js';
import { refuseOtherTasks, taskOptions } from './task-options.js';

/** The command's options. */
export interface EvaluateArguments extends DataArguments {
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
export async function evaluate(name: string, options: EvaluateArguments): Promise<void> {
  const definition = taskNamed(name);
  refuseOtherTasks(definition, ['reading', 'settings'], options);
  if (options.report !== undefined) await checkReportFolder(options.report); // before hours go into an evaluation
  if (options.report !== undefined && !options.overwrite) await refuseReport(options.report);
  const began = performance.now();
  const evaluation = await evaluateTask(definition, options);
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

async function evaluateTask(definition: TaskDefinition, options: EvaluateArguments): Promise<Evaluation> {
  const { model: folder, data, report, batchSize, maxLength } = options;
  const badRows = new BadRows(options.skipBadRows);
  const examples = await definition.openLabelled(data, readingOf(definition, options, 'test', badRows));
  badRows.show();
  const given = taskOptions(definition, ['settings'], options);
  const settings = { ...given, ...definition.settingsOf?.(examples, given, (note) => console.error(note)) };
  const { model, task } = await loadForTask(definition, folder, { maxLength, options: settings });
  await checkExamples(task, examples);
  const files = report === undefined ? undefined : await ReportFiles.begin(report);
  const whenInterrupted = 'the evaluation is not finished; the same command starts it anew';
  try {
    const evaluated = { model, definition, task };
    const found = await evaluateWindows(evaluated, examples, {
      ...{ batchSize, limits: predictionWindow, files, whenInterrupted },
    });
    await files?.finish({ task: definition.name, model: folder, data, ...found });
    if (report !== undefined) await badRows.write(report);
    await model.dispose();
    return found.evaluation;
  } catch (error) {
    await files?.abandon();
    throw error;
  }
}

/** Before hours are spent on examples behind which one cannot be compared with what the model predicts. */
async function checkExamples(task: Task<unknown>, examples: ExampleStream<unknown>): Promise<void> {
  if (!task.check) return;
  for await (const group of examples.examples()) task.check(group);
}
