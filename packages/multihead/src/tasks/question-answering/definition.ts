/** @file The definition of question answering. */
import { z } from 'zod';
import { openQuestions } from '../../data/examples/question-answering/open-questions.js';
import {
  type QuestionAnsweringFileOptions,
  readQuestionAnsweringExamples,
} from '../../data/examples/question-answering/question-answering.js';
import { openQuestionAnsweringStream } from '../../data/examples/question-answering/question-answering-stream.js';
import type { QuestionAnsweringExample } from '../../data/examples/question-answering/squad.js';
import { readEvaluationResults } from '../../models/checkpoint/evaluation-results.js';
import { UserError } from '../../platform/errors.js';
import { defineTask, type OptionValues, type Reading, type TrainingSources } from '../define-task.js';
import { fineTuningSpace } from '../fine-tuning-space.js';
import { hashSplitOf, splitSources } from '../split-sources.js';
import { answerFiles } from './answer-files.js';
import { bestAnswers } from './best-answers.js';
import { answerOutcomes } from './outcomes.js';
import { questionAnsweringPipeline } from './pipeline.js';
import {
  type AnswerPrediction,
  QuestionAnswering,
  type QuestionAnsweringOptions,
  usualWindow,
} from './question-answering.js';
import { answerService } from './service.js';

const column = (of: string) =>
  z.string().optional().describe(`column of the ${of} (default: found by common names)`).meta({ value: 'column' });

const options = {
  reading: z.object({
    question: column('question'),
    context: column('context'),
    answers: column('answers'),
    mismatched: z
      .enum(['error', 'relocate', 'drop', 'keep'])
      .optional()
      .describe('what to do with answers that are not at their answer_start (default: error)')
      .meta({ value: 'what' }),
  }),
  training: z.object({}),
  settings: z.object({
    stride: z
      .number()
      .int()
      .min(0)
      .optional()
      .describe('overlap of windows in tokens (default: 128, at most a third; token classification: a quarter)')
      .meta({ value: 'tokens' }),
    nBest: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('number of spans considered (default: 20)')
      .meta({ value: 'count' }),
    maxAnswerLength: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('maximum length of an answer (default: 30)')
      .meta({ value: 'tokens' }),
    versionTwo: z
      .boolean()
      .optional()
      .describe('questions may have no answer, as in SQuAD v2')
      .meta({ flag: 'version-2-with-negative' }),
    nullScoreDiffThreshold: z
      .number()
      .optional()
      .describe('predict no answer if its score is higher by more than this (default: as found by evaluation, else 0)')
      .meta({ value: 'score' }),
    language: z
      .enum(['en', 'zh'])
      .optional()
      .describe("rule for comparing answers: SQuAD's (en) or CMRC 2018's (zh)")
      .meta({ value: 'code' }),
  }),
};
type ReadingOptions = z.infer<typeof options.reading>;

const inputs = z.object({
  question: z.string().optional().describe('the question; with --data, its column').meta({ value: 'text' }),
  context: z.string().optional().describe('the text with the answer; with --data, its column').meta({ value: 'text' }),
});

function readerOptions({ options, header: _, ...reading }: Reading): QuestionAnsweringFileOptions {
  const { question, context, answers, mismatched } = options as ReadingOptions;
  return { ...reading, columns: { question, context, answers }, mismatched };
}

const isAnyImpossible = (examples: readonly QuestionAnsweringExample[] = []): boolean =>
  examples.some(({ isImpossible }) => isImpossible);

/** Reports that questions without an answer determine how a run is trained and evaluated. */
function noteVersionTwo(hasImpossible: boolean, { versionTwo }: OptionValues, onNote: (note: string) => void): void {
  if (!hasImpossible || versionTwo) return;
  onNote('some questions have no answer: trained and evaluated as SQuAD v2 (`versionTwo`)');
}

async function readTraining(sources: TrainingSources) {
  const { train: source, eval: evaluationSource, streaming, onRead, onNote } = sources;
  const factsOf = (hasImpossible: boolean) => {
    noteVersionTwo(hasImpossible, sources.options, onNote);
    return { hasImpossible };
  };
  const given = evaluationSource
    ? await readQuestionAnsweringExamples(evaluationSource, readerOptions(sources.reading('validation')))
    : undefined;
  if (streaming) {
    const reading = readerOptions(sources.reading('train'));
    const train = await openQuestionAnsweringStream(source, { ...reading, heldOut: hashSplitOf(sources) });
    onRead();
    const { evaluation = given } = train;
    return { train, evaluation, facts: factsOf(train.hasImpossible || isAnyImpossible(given)) };
  }
  const examples = await readQuestionAnsweringExamples(source, readerOptions(sources.reading('train')));
  onRead();
  const parts = splitSources(sources, examples, { group: ({ context }) => context }) ?? {
    train: examples,
    evaluation: given,
  };
  return { ...parts, facts: factsOf(isAnyImpossible(examples) || isAnyImpossible(given)) };
}

/** Extractive question answering, as Hugging Face's run_qa trains and evaluates it. */
export const questionAnswering = defineTask<
  QuestionAnsweringExample,
  AnswerPrediction,
  { readonly hasImpossible: boolean },
  QuestionAnswering
>({
  name: 'question-answering',
  title: 'question answering',
  head: 'QuestionAnswering',
  unit: 'questions',
  usualLength: usualWindow,
  options,
  searchSpace: fineTuningSpace,
  commands: {
    inputs,
    tryIt: '--question "..." --context "..."',
    examples: [
      'multihead train question-answering --model models/mini --train examples/data/passages.train.json --eval examples/data/passages.test.json --output runs/qa',
    ],
    fromArguments(_, { question, context }) {
      if (!question || !context)
        throw new UserError('question answering needs both `question: "..."` and `context: "..."`');
      return [{ id: '0', question: question as string, context: context as string, answers: [] }];
    },
    line({ id, question, context }, prediction, { topK = 1 }) {
      const best = bestAnswers(prediction, context, topK);
      return { id, question, ...(topK === 1 ? best[0] : { answers: best }) };
    },
    json({ context }, prediction, { topK = 1 }) {
      const best = bestAnswers(prediction, context, topK);
      return topK === 1 ? best[0] : best;
    },
    text({ context }, prediction, { topK = 1 }) {
      return bestAnswers(prediction, context, topK).map(
        ({ answer, score }) => `${score.toFixed(4)}\t${answer || '(no answer)'}`,
      );
    },
  },

  readTraining,
  openLabelled: (source, reading) => openQuestions(source, readerOptions(reading)),
  async open(source, reading) {
    const questions = await openQuestions(source, { ...readerOptions(reading), requireAnswers: false });
    return {
      ...questions,
      // Answers that a file of questions happens to have are of no matter for predictions.
      async *examples() {
        for await (const group of questions.examples()) {
          yield group.map(({ id, question, context }) => ({ id, question, context, answers: [] }));
        }
      },
    };
  },
  settingsOf(examples, given, onNote) {
    const { hasImpossible = false } = examples as { readonly hasImpossible?: boolean };
    noteVersionTwo(hasImpossible, given, onNote);
    return hasImpossible ? { versionTwo: true } : {};
  },
  async learnedSettings(folder) {
    // What the evaluation in training found out of when there is no answer, where questions could have none.
    const { best_f1_thresh: threshold } = await readEvaluationResults(folder);
    return threshold === undefined ? {} : { versionTwo: true, nullScoreDiffThreshold: threshold };
  },
  create({ tokenizer, maxLength, options, facts }) {
    const settings = options as Partial<QuestionAnsweringOptions>;
    const { stride, nBest, maxAnswerLength, nullScoreDiffThreshold, language } = settings;
    const versionTwo = settings.versionTwo || facts?.hasImpossible;
    return new QuestionAnswering({
      tokenizer,
      maxLength,
      ...(stride !== undefined && { stride }),
      ...(nBest !== undefined && { nBest }),
      ...(maxAnswerLength !== undefined && { maxAnswerLength }),
      ...(versionTwo !== undefined && { versionTwo }),
      ...(nullScoreDiffThreshold !== undefined && { nullScoreDiffThreshold }),
      ...(language !== undefined && { language }),
    });
  },
  outcomes: answerOutcomes,
  pipeline: questionAnsweringPipeline,
  service: answerService,
  mistakes: () => ({ order: 'lowest F1 first, weighted by the confidence' }),
  files: answerFiles,
});
