/** @file `multihead predict --data`: a line of JSON for each example of files. */
import { createFile } from '#files';
import { type ClassificationExample, readClassificationExamples } from '../data/classification.js';
import { readQuestionAnsweringExamples } from '../data/question-answering.js';
import type { QuestionAnsweringExample } from '../data/squad.js';
import { pipeline } from '../inference/pipeline.js';
import type { AnswerPrediction, QuestionAnsweringOptions } from '../tasks/question-answering.js';
import { BadRows } from './bad-rows.js';
import { bestAnswers } from './best-answers.js';
import { type DataArguments, questionOptions, textOptions } from './data-options.js';
import { keepInputs } from './kept-inputs.js';
import { given } from './options.js';

/** What is predicted, and where it goes. */
export interface PredictFileArguments extends DataArguments {
  readonly model: string;
  readonly data: string;
  /** The file that the lines go to. Default: standard output. */
  readonly output?: string;
  readonly topK?: number;
  readonly maxLength?: number;
}

/** Examples that go through the model before their lines are written. */
const atOnce = 1000;

/** Classifies texts: `{"text": ..., "labels": [{"label": ..., "score": ...}]}`. */
export async function classifyFile(options: PredictFileArguments): Promise<void> {
  if (options.output !== undefined)
    await keepInputs(options.output, { '--data': options.data, '--model': options.model });
  const badRows = new BadRows(options.skipBadRows);
  const reading = { ...textOptions(options, 'test', badRows), requireLabels: false };
  const examples = await readClassificationExamples(options.data, reading);
  badRows.show();
  const classify = await pipeline('text-classification', options.model, given(options, 'maxLength'));
  await writeLines(options.output, examples, async (some: readonly ClassificationExample[]) => {
    const predictions = await classify(some, { topK: options.topK ?? 1 });
    return some.map(({ text, textPair }, i) => ({
      text,
      ...(textPair !== undefined && { textPair }),
      labels: predictions[i],
    }));
  });
  await classify.dispose();
}

/** Answers questions: `{"id": ..., "question": ..., "answer": ..., "score": ..., "start": ..., "end": ...}`, in code points. */
export async function answerFile(
  options: PredictFileArguments,
  limits: Omit<Partial<QuestionAnsweringOptions>, 'tokenizer'>,
): Promise<void> {
  if (options.output !== undefined)
    await keepInputs(options.output, { '--data': options.data, '--model': options.model });
  const badRows = new BadRows(options.skipBadRows);
  const reading = { ...questionOptions(options, 'test', badRows), requireAnswers: false };
  const examples = await readQuestionAnsweringExamples(options.data, reading);
  badRows.show();
  const ask = await pipeline('question-answering', options.model, limits);
  const { topK = 1 } = options;
  await writeLines(options.output, examples, async (some: readonly QuestionAnsweringExample[]) => {
    const answers = await ask(some.map(({ question, context }) => ({ question, context })));
    return some.map(({ id, question, context }, i) => {
      const best = bestAnswers(answers[i] as AnswerPrediction, context, topK);
      return { id, question, ...(topK === 1 ? best[0] : { answers: best }) };
    });
  });
  await ask.dispose();
}

async function writeLines<Example>(
  output: string | undefined,
  examples: readonly Example[],
  predict: (some: readonly Example[]) => Promise<readonly object[]>,
): Promise<void> {
  const file = output === undefined ? undefined : await createFile(output);
  try {
    for (let at = 0; at < examples.length; at += atOnce) {
      const lines = (await predict(examples.slice(at, at + atOnce)))
        .map((line) => `${JSON.stringify(line)}\n`)
        .join('');
      if (file) await file.write(lines);
      else process.stdout.write(lines);
    }
    await file?.commit();
  } catch (error) {
    await file?.abandon();
    throw error;
  }
}
