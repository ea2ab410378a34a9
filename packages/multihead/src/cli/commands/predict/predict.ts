/** @file What `multihead predict` does: one model, some texts or a question, the answer on the screen. */

import { loadForTask } from '../../../inference/load-task.js';
import { type PipelineDefinition, pipelinesWithCommands } from '../../../inference/registry.js';
import type { DtypeName } from '../../../models/dtypes.js';
import { UserError } from '../../../platform/errors.js';
import type { TaskDefinition } from '../../../tasks/define-task.js';
import { predictExamples } from '../../../tasks/predict.js';
import { taskNamed, taskNames } from '../../../tasks/registry.js';
import { checkWhole } from '../../../tasks/validate-features.js';
import { given } from '../../options/common-options.js';
import type { DataArguments } from '../../options/data-options.js';
import { refuseOtherTasks, taskOptions } from '../../options/task-options.js';
import { print } from '../../output/print.js';
import { predictFile } from './predict-file.js';

/** The command's options. */
export interface PredictArguments extends DataArguments {
  readonly model: string;
  /** Files of examples; options that hold an input are then names of columns. */
  readonly data?: string;
  readonly output?: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly topK?: number;
  readonly maxLength?: number;
  readonly dtype?: DtypeName;
  readonly json?: boolean;
}

/** Runs the command. */
export async function predict(name: string, texts: readonly string[], options: PredictArguments): Promise<void> {
  checkWhole({ topK: options.topK });
  const { data } = options;
  const ofFiles = (['output', 'resume', 'overwrite'] as const).find((flag) => options[flag] !== undefined);
  if (data === undefined && ofFiles) throw new UserError(`--${ofFiles} goes with --data FILE`);
  const own = pipelinesWithCommands().find((each) => each.name === name);
  if (own) {
    if (data !== undefined) throw new UserError(`--data is for ${taskNames().join(', ')}`);
    await predictByPipeline(own, texts, options);
    return;
  }
  const definition = taskNamed(name);
  refuseOtherTasks(definition, ['reading', 'settings', 'inputs'], options);
  if (data === undefined) await predictTexts(definition, texts, options);
  else await predictFile(definition, { ...options, data });
}

async function predictTexts(
  definition: TaskDefinition,
  texts: readonly string[],
  options: PredictArguments,
): Promise<void> {
  const { topK, maxLength, dtype, json } = options;
  const { commands } = definition;
  const examples = commands.fromArguments(texts, taskOptions(definition, ['inputs'], options));
  const settings = taskOptions(definition, ['settings'], options);
  const { model, task } = await loadForTask(definition, options.model, { maxLength, dtype, options: settings });
  const shown = { topK, config: model.config };
  for (const [i, prediction] of (await predictExamples(model, task, examples)).entries()) {
    const line = commands.json ?? commands.line;
    if (json) console.log(JSON.stringify(line(examples[i], prediction, shown)));
    else for (const line of commands.text(examples[i], prediction, shown)) print(line);
  }
}

/** By a pipeline that belongs to no task. */
async function predictByPipeline(
  { load, commands }: PipelineDefinition,
  texts: readonly string[],
  { topK, json, model, ...options }: PredictArguments,
): Promise<void> {
  const pipeline = await load(model, given(options, 'maxLength', 'dtype'));
  for (const answer of (await commands?.answer(pipeline, texts, { topK })) ?? []) {
    if (json) console.log(JSON.stringify(answer.json));
    else print(answer.text);
  }
}
