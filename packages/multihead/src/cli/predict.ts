/** @file What `multihead predict` does: one model, some texts or a question, the answer on the screen. */
import { UserError } from '../errors.js';
import type { MaskFill } from '../inference/fill-mask.js';
import { pipeline } from '../inference/pipeline.js';
import { checkWhole } from '../tasks/limits.js';
import type { TaskName } from '../tasks/task.js';
import { bestAnswers } from './best-answers.js';
import type { DataArguments } from './data-options.js';
import { given, type QuestionAnsweringArguments, questionAnsweringOptions } from './options.js';
import { predictFile } from './predict-file.js';
import { print } from './print.js';

/** The command's options. */
export interface PredictArguments extends QuestionAnsweringArguments, DataArguments {
  readonly model: string;
  /** Files of texts or questions; question and context are then names of columns. */
  readonly data?: string;
  /** The second text, where one text is given. */
  readonly pair?: string;
  readonly output?: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly topK?: number;
  readonly maxLength?: number;
  readonly json?: boolean;
}

/** Runs the command. */
export async function predict(
  task: TaskName | 'fill-mask',
  texts: readonly string[],
  options: PredictArguments,
): Promise<void> {
  checkWhole({ topK: options.topK });
  const { data } = options;
  const ofFiles = (['output', 'resume', 'overwrite'] as const).find((name) => options[name] !== undefined);
  if (data === undefined && ofFiles) throw new UserError(`--${ofFiles} goes with --data FILE`);
  if (options.pair !== undefined && (task !== 'text-classification' || data !== undefined || texts.length !== 1)) {
    throw new UserError(
      '--pair goes with text-classification of one text; for many pairs: --data FILE --text-pair COLUMN',
    );
  }
  if (data !== undefined) {
    if (task === 'fill-mask') throw new UserError('--data is for text-classification and question-answering');
    await predictFile(task, { ...options, data });
  } else if (task === 'question-answering') await answer(options);
  else if (task === 'fill-mask') await fillMasks(texts, options);
  else await classify(texts, options);
}

async function answer(options: PredictArguments): Promise<void> {
  const { question, context, topK = 1, json } = options;
  if (!question || !context) throw new UserError('question answering needs both --question "..." and --context "..."');
  const limits = { ...given(options, 'maxLength'), ...questionAnsweringOptions(options) };
  const ask = await pipeline('question-answering', options.model, limits);
  const best = bestAnswers(await ask({ question, context }), context, topK);
  if (json) console.log(JSON.stringify(topK === 1 ? best[0] : best));
  else for (const { answer, score } of best) print(`${score.toFixed(4)}\t${answer || '(no answer)'}`);
}

async function classify(texts: readonly string[], options: PredictArguments): Promise<void> {
  const { topK, json, pair } = options;
  if (texts.length === 0) throw new UserError('text classification needs a text: multihead predict ... "some text"');
  const classifier = await pipeline('text-classification', options.model, given(options, 'maxLength'));
  const second = pair !== undefined && { textPair: pair };
  const predictions = await classifier(
    texts.map((text) => ({ text, ...second })),
    { topK: null },
  );
  for (const [i, all] of predictions.entries()) {
    // Of several labels a text those that apply, be they many or none; else the best one.
    const isMultiLabel = all.some(({ applies }) => applies !== undefined);
    const labels = topK === undefined && isMultiLabel ? all.filter(({ applies }) => applies) : all.slice(0, topK ?? 1);
    if (json) console.log(JSON.stringify({ text: texts[i], ...second, labels }));
    else for (const { label, score } of labels) print(`${score.toFixed(4)}\t${label}\t${texts[i]}`);
  }
}

async function fillMasks(texts: readonly string[], { topK, json, ...options }: PredictArguments): Promise<void> {
  if (texts.length === 0) throw new UserError('fill-mask needs a text: multihead predict ... "some [MASK]"');
  const fill = await pipeline('fill-mask', options.model, given(options, 'maxLength'));
  for (const [i, fills] of (await fill(texts, { topK })).entries()) {
    if (json) console.log(JSON.stringify({ text: texts[i], fills }));
    else print(fills.map((fill) => [fill].flat().map(shown).join('\n')).join(Array.isArray(fills[0]) ? '\n\n' : '\n'));
  }
}

const shown = ({ score, tokenStr, sequence }: MaskFill): string => `${score.toFixed(4)}\t${tokenStr}\t${sequence}`;
