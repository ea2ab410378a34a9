/** @file What `multihead evaluate` does: runs a trained model over examples and reports its scores. */
import { join } from 'node:path';
import { exists } from '#files';
import type { ExampleStream } from '../../../data/streams/example-stream.js';
import { predictionWindow } from '../../../data/streams/windows.js';
import { loadForTask } from '../../../inference/load-task.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { UserError } from '../../../platform/errors.js';
import type { OptionValues, TaskDefinition } from '../../../tasks/define-task.js';
import { taskNamed } from '../../../tasks/registry.js';
import type { Evaluation, Task } from '../../../tasks/task.js';
import { reportFileNames } from '../../../training/trainer/run-files.js';
import { BadRows } from '../../options/bad-rows.js';
import { given } from '../../options/common-options.js';
import { type DataArguments, readingOf } from '../../options/data-options.js';
import { inFlags } from '../../options/flag-names.js';
import { refuseOtherTasks, taskOptions } from '../../options/task-options.js';
import { KeptPredictions } from '../../output/kept-predictions.js';
import { print } from '../../output/print.js';
import { checkReportFolder, predictionsFile, ReportFiles } from '../../output/report-files.js';
import { modelFingerprint } from '../../run/model-fingerprint.js';
import { version } from '../../version.js';
import { evaluateWindows } from './evaluate-windows.js';

/** The command's options. */
export interface EvaluateArguments extends DataArguments {
  readonly model: string;
  readonly data: string;
  readonly batchSize?: number;
  readonly maxLength?: number;
  readonly dtype?: DtypeName;
  readonly json?: boolean;
  /** A folder for report.json, report.html and predictions.jsonl. */
  readonly report?: string;
  /** Continue after the predictions that an interrupted evaluation has left in that folder. */
  readonly resume?: boolean;
  /** Replace the report that is there, and start anew in spite of such predictions. */
  readonly overwrite?: boolean;
}

/** Runs the command. */
export async function evaluate(name: string, options: EvaluateArguments): Promise<void> {
  const definition = taskNamed(name);
  refuseOtherTasks(definition, ['reading', 'settings'], options);
  const { report, resume, overwrite } = options;
  if (report === undefined && (resume || overwrite)) {
    throw new UserError(`--${resume ? 'resume' : 'overwrite'} goes with --report FOLDER`);
  }
  if (resume && overwrite) throw new UserError('--resume and --overwrite exclude each other; give one of them');
  if (report !== undefined) await checkReportFolder(report); // before hours go into an evaluation
  if (report !== undefined && !overwrite && !resume) await refuseReport(report);
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
  const { model: folder, data, report, batchSize, maxLength, dtype } = options;
  const badRows = new BadRows(options.skipBadRows);
  const examples = await definition.openLabelled(data, readingOf(definition, options, 'test', badRows));
  badRows.show();
  const given = taskOptions(definition, ['settings'], options);
  const settings = { ...given, ...definition.settingsOf?.(examples, given, (note) => console.error(inFlags(note))) };
  const kept = await openKept({ task: definition.name, examples, settings }, options);
  const { model, task } = await loadForTask(definition, folder, { maxLength, dtype, options: settings });
  await checkExamples(task, examples);
  const files = report === undefined ? undefined : await ReportFiles.begin(report);
  const whenInterrupted =
    'the evaluation is not finished, and nothing of it is kept; one with --report FOLDER can be resumed';
  try {
    const evaluated = { model, definition, task };
    const found = await evaluateWindows(evaluated, examples, {
      batchSize,
      limits: predictionWindow,
      files,
      kept,
      whenInterrupted,
    });
    await files?.finish({ task: definition.name, model: folder, data, ...found });
    if (report !== undefined) await badRows.write(report);
    await kept?.discard();
    await model.dispose();
    return found.evaluation;
  } catch (error) {
    await files?.abandon();
    throw error;
  }
}

/** What is evaluated: all that predictions depend on besides the model and the batches. */
interface ToEvaluate {
  readonly task: string;
  readonly examples: ExampleStream<unknown>;
  readonly settings: OptionValues;
}

/** Predictions are kept where the report will be. Without one there is no place for them. */
async function openKept(
  { task, examples, settings }: ToEvaluate,
  options: EvaluateArguments,
): Promise<KeptPredictions | undefined> {
  const { report, model, resume, overwrite } = options;
  if (report === undefined) return undefined;
  const of = { 'the task': task, 'the version of Multihead': version, 'the examples of --data': examples.fingerprint };
  const sizes = given(options, 'batchSize', 'maxLength', 'dtype');
  const origin = {
    ...of,
    'the model': await modelFingerprint(model),
    'the settings': JSON.stringify({ ...sizes, ...settings }),
  };
  const kept = await KeptPredictions.open(join(report, predictionsFile), examples.length, origin, {
    resume,
    overwrite,
  });
  if (kept.progress.written === 0 && !overwrite) await refuseReport(report); // with nothing to resume, an old one is there
  return kept;
}

/** Before hours are spent on examples behind which one cannot be compared with what the model predicts. */
async function checkExamples(task: Task<unknown>, examples: ExampleStream<unknown>): Promise<void> {
  if (!task.check) return;
  for await (const group of examples.examples()) task.check(group);
}
