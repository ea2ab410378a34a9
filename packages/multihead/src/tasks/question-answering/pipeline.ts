/** @file The question answering pipeline. */
import type { QuestionAnsweringExample } from '../../data/examples/question-answering/squad.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { LoadedTask } from '../pipelines.js';
import { predictExamples } from '../predict.js';
import { checkWhole } from '../validate-features.js';
import type {
  AnswerPrediction,
  QuestionAnswering,
  QuestionAnsweringOptions,
  ScoredAnswer,
} from './question-answering.js';

/** A question and the text to find its answer in. */
export interface QuestionInput {
  readonly question: string;
  readonly context: string;
}

/** Options of a call, with Hugging Face's names in camelCase. Omitted options are those of the pipeline. */
export interface AnswerOptions {
  /** Number of answers to each question, best first. Default: one answer, not in a list. */
  readonly topK?: number | undefined;
  /** Whether there may be no answer, which is then empty. Default: as the model was trained. */
  readonly handleImpossibleAnswer?: boolean | undefined;
  /** The longest answer, in tokens. */
  readonly maxAnswerLength?: number | undefined;
  /** Tokens by which the windows of a long context overlap. */
  readonly docStride?: number | undefined;
}

const answerOptionNames = namesOf<AnswerOptions>({
  topK: true,
  handleImpossibleAnswer: true,
  maxAnswerLength: true,
  docStride: true,
});

/** Answers questions about a context: `context.slice(start, end)` is the answer, with offsets in UTF-16 units. */
export interface QuestionAnsweringPipeline {
  (input: QuestionInput, options?: AnswerOptions & { readonly topK?: undefined }): Promise<AnswerPrediction>;
  (
    inputs: readonly QuestionInput[],
    options?: AnswerOptions & { readonly topK?: undefined },
  ): Promise<AnswerPrediction[]>;
  /** Returns the best answers to a question, or fewer if there are not as many. */
  (input: QuestionInput, options: AnswerOptions & { readonly topK: number }): Promise<ScoredAnswer[]>;
  (inputs: readonly QuestionInput[], options: AnswerOptions & { readonly topK: number }): Promise<ScoredAnswer[][]>;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

declare module '../pipelines.js' {
  interface Pipelines {
    'question-answering': QuestionAnsweringPipeline;
  }
  interface PipelineSettings {
    'question-answering': Omit<QuestionAnsweringOptions, 'tokenizer'>;
  }
}

/** Creates the question answering pipeline of a model. */
export function questionAnsweringPipeline({
  model,
  task,
  batchSize,
}: LoadedTask<QuestionAnswering>): QuestionAnsweringPipeline {
  async function answer(inputs: QuestionInput | readonly QuestionInput[], given: AnswerOptions = {}): Promise<unknown> {
    checkOptionNames(given, answerOptionNames, 'question-answering');
    const { topK, handleImpossibleAnswer: versionTwo, maxAnswerLength, docStride: stride } = given;
    checkWhole({ topK });
    const changes = Object.entries({ versionTwo, maxAnswerLength, stride }).filter(([, value]) => value !== undefined);
    const asked = task.with({
      ...Object.fromEntries(changes),
      ...(topK !== undefined && topK > 20 && { nBest: topK }),
    });
    for (const [i, input] of [inputs].flat().entries()) checkInput(input, i);
    const examples = [inputs].flat().map((each, i): QuestionAnsweringExample => ({ id: `${i}`, answers: [], ...each }));
    const predictions = await predictExamples(model, asked, examples, { batchSize });
    const found = topK === undefined ? predictions : predictions.map(({ nBest }) => nBest.slice(0, topK));
    return Array.isArray(inputs) ? found : found[0];
  }
  return Object.assign(answer, { dispose: () => model.dispose() }) as QuestionAnsweringPipeline;
}

/** Refuses what is no question with a text: an answer would be sought in nothing. */
function checkInput(input: unknown, i: number): void {
  const fields: Readonly<Record<string, unknown>> = typeof input === 'object' && input !== null ? { ...input } : {};
  for (const name of ['question', 'context']) {
    if (typeof fields[name] === 'string') continue;
    const given = fields[name] === undefined ? 'missing' : JSON.stringify(fields[name]);
    throw new UserError(
      `question-answering: input ${i + 1}: ${name} is ${given}; expected { question: '...', context: '...' }, ` +
        'the context being the text to find the answer in',
    );
  }
}
