/**
 * @file Extractive question answering: the stretch of a context that answers a question, as Hugging Face's run_qa trains
 * and evaluates it on SQuAD v1.1.
 *
 * A context that is too long is cut into windows that overlap by `stride` tokens. In training, a window that does not
 * hold the whole answer has [CLS] as its target.
 */
import type { QuestionAnsweringExample } from '../data/squad.js';
import type { TensorValue, Values } from '../engine/engine.js';
import { evaluateSquad } from '../metrics/squad.js';
import { modelInputs } from '../models/model.js';
import type { PretrainedModel } from '../models/pretrained.js';
import { crossEntropy } from '../nn/losses.js';
import { input } from '../tensor/factories.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Encoding, Tokenizer } from '../text/tokenizer.js';
import { type AnswerSpan, bestSpans, windowSpans } from './answer-spans.js';
import { collateTokens, int64 } from './collate.js';
import { checkWhole } from './limits.js';
import type { Evaluation, Feature, Task } from './task.js';

/** What the task needs to know. Defaults are run_qa's. */
export interface QuestionAnsweringOptions {
  readonly tokenizer: Tokenizer;
  /** Tokens in a window, question and special tokens included. */
  readonly maxLength?: number;
  /** Tokens by which neighbouring windows overlap. Default: a third of the window, at most 128 (run_qa's at 384). */
  readonly stride?: number;
  /** Starts and ends considered in a window, and answers kept. */
  readonly nBest?: number;
  /** The longest answer, in tokens. */
  readonly maxAnswerLength?: number;
}

/** A window of a question and its context. */
export interface WindowFeature extends Feature {
  /** Where tokens of the context stand in it; undefined for all others. */
  readonly offsets: readonly (readonly [number, number] | undefined)[];
  /** First and last token of the answer; both 0, [CLS], where the window does not hold it. */
  readonly target?: readonly [number, number];
}

/** An answer: `context.slice(start, end)`. */
export interface AnswerPrediction {
  readonly answer: string;
  /** Probability among the n best spans. */
  readonly score: number;
  readonly start: number;
  readonly end: number;
  /** The n best, this one included. */
  readonly nBest: readonly Omit<AnswerPrediction, 'nBest'>[];
}

/** Tokens in a window where nothing is said. */
export const usualWindow = 384;

/** The task `question-answering`. */
export class QuestionAnswering
  implements Task<QuestionAnsweringExample, WindowFeature, readonly AnswerSpan[], AnswerPrediction>
{
  readonly name = 'question-answering';
  private readonly tokenizer: Tokenizer;
  private readonly maxLength: number;
  private readonly stride: number;
  private readonly limits: { nBest: number; maxAnswerLength: number };

  constructor(options: QuestionAnsweringOptions) {
    const { tokenizer, maxLength = usualWindow, nBest = 20, maxAnswerLength = 30 } = options;
    const { stride = Math.min(128, Math.floor(maxLength / 3)) } = options;
    checkWhole({ maxLength, nBest, maxAnswerLength });
    checkWhole({ stride }, 0);
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
    this.stride = stride;
    this.limits = { nBest, maxAnswerLength };
  }

  async encode(examples: readonly QuestionAnsweringExample[]): Promise<WindowFeature[][]> {
    const { maxLength, stride } = this;
    const pairs = examples.map(({ question, context }) => [question.trimStart(), context] as const);
    const windows = await this.tokenizer.encodeWindows(pairs, { maxLength, stride });
    return examples.map(({ answers: [answer] }, i) =>
      (windows[i] as Encoding[]).map((window) => {
        const offsets = window.offsets.map((offset, token) => (window.sequenceIds[token] === 1 ? offset : undefined));
        const target = answer && tokensOf(answer.start, answer.start + answer.text.length, offsets);
        return { inputIds: window.ids, tokenTypeIds: window.typeIds, offsets, ...(target && { target }) };
      }),
    );
  }

  collate(features: readonly WindowFeature[]): Values {
    const inputs = collateTokens(features, this.tokenizer.padId);
    if (!features.some(({ target }) => target)) return inputs;
    const positions = (which: 0 | 1) =>
      int64(
        features.map(({ target }) => target?.[which] ?? 0),
        [features.length],
      );
    return { ...inputs, start_positions: positions(0), end_positions: positions(1) };
  }

  /** The mean of the cross-entropies of the answer's start and end, over the positions of the window. */
  loss(model: PretrainedModel): Tensor {
    const { start_logits, end_logits } = model.forward(modelInputs()).scores;
    const positions = (name: string) => input(name, 'int64', ['batch_size']);
    const start = crossEntropy(start_logits as Tensor, positions('start_positions'));
    const end = crossEntropy(end_logits as Tensor, positions('end_positions'));
    return start.add(end).mul(0.5);
  }

  decode(
    outputs: Readonly<Record<string, TensorValue>>,
    row: number,
    { offsets }: WindowFeature,
  ): readonly AnswerSpan[] {
    const scores = (name: string) => {
      const { data, shape } = outputs[name] as TensorValue;
      const width = shape[1] as number;
      return data.subarray(row * width, (row + 1) * width) as Float32Array;
    };
    return windowSpans(scores('start_logits'), scores('end_logits'), offsets, this.limits);
  }

  combine({ context }: QuestionAnsweringExample, decoded: readonly (readonly AnswerSpan[])[]): AnswerPrediction {
    const nBest = bestSpans(decoded.flat(), this.limits).map(({ start, end, probability }) => ({
      answer: context.slice(start, end),
      score: probability,
      start,
      end,
    }));
    // Only a window without any token of the context leaves no span at all.
    const [best = { answer: '', score: 0, start: 0, end: 0 }] = nBest;
    return { ...best, nBest };
  }

  metrics(predictions: readonly AnswerPrediction[], examples: readonly QuestionAnsweringExample[]): Evaluation {
    const answers = Object.fromEntries(examples.map(({ id }, i) => [id, (predictions[i] as AnswerPrediction).answer]));
    const { exactMatch, f1 } = evaluateSquad(answers, examples);
    const report = `exact match  ${exactMatch.toFixed(2)}\nF1           ${f1.toFixed(2)}\nquestions    ${examples.length}`;
    return { metrics: { exact_match: exactMatch, f1 }, mainMetric: 'f1', report };
  }
}

/** The first and last token of a stretch of the context; both 0 where the tokens do not hold all of it. */
function tokensOf(start: number, end: number, offsets: WindowFeature['offsets']): [number, number] {
  const first = offsets.findIndex((offset) => offset !== undefined);
  const last = offsets.findLastIndex((offset) => offset !== undefined);
  if (first < 0) return [0, 0];
  const outside = (offsets[first]?.[0] as number) > start || (offsets[last]?.[1] as number) < end;
  if (outside) return [0, 0];
  // As run_qa has it: the last token that begins at or before the start, the first that ends at or after the end.
  let from = first;
  while (from + 1 <= last && (offsets[from + 1]?.[0] as number) <= start) from++;
  let to = last;
  while (to - 1 >= first && (offsets[to - 1]?.[1] as number) >= end) to--;
  return [from, to];
}
