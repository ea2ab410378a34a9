/**
 * @file Extractive question answering: the stretch of a context that answers a question, as Hugging Face's run_qa trains
 * and evaluates it on SQuAD v1.1 and, with questions that have no answer, v2.
 *
 * A context that is too long is cut into windows that overlap by `stride` tokens. In training, a window that does not
 * hold the whole answer has [CLS] as its target. So has every window of a question without an answer; what the scores at
 * [CLS] come to in the window where they come to least speaks for no answer.
 */
import type { QuestionAnsweringExample } from '../../data/examples/question-answering/squad.js';
import type { TensorValue, Values } from '../../engine/engine.js';
import { cmrcExactMatch, cmrcF1 } from '../../metrics/question-answering/cmrc.js';
import { exactMatch, f1 } from '../../metrics/question-answering/squad.js';
import { modelInputs } from '../../models/core/model.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { crossEntropy } from '../../nn/losses/losses.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Encoding, Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { collateTokens, int64 } from '../collate.js';
import { type TokenFeature, tokenFeature } from '../feature.js';
import type { Evaluation, MetricsCollector, Task } from '../task.js';
import { checkWhole } from '../validate-features.js';
import { AnswerCollector } from './answer-metrics.js';
import { type AnswerSpan, bestSpans, windowSpans } from './answer-spans.js';

/** Options of `QuestionAnswering`. Defaults are run_qa's. */
export interface QuestionAnsweringOptions {
  readonly tokenizer: Tokenizer;
  /** Tokens per window, including the question and special tokens. */
  readonly maxLength?: number;
  /** Overlap of adjacent windows, in tokens. Default: a third of the window, at most 128 (run_qa's at 384). */
  readonly stride?: number;
  /** Number of starts and ends considered in a window, and of answers kept. */
  readonly nBest?: number;
  /** Maximum length of an answer, in tokens. */
  readonly maxAnswerLength?: number;
  /** Whether questions may have no answer (SQuAD v2), in training, prediction and evaluation. Default: false. */
  readonly versionTwo?: boolean;
  /**
   * Threshold of the null answer: it is predicted if its score exceeds the best answer's by more than this. Default: 0.
   */
  readonly nullScoreDiffThreshold?: number;
  /** Rule for comparing answers: SQuAD's for English, CMRC 2018's for Chinese. Default: 'en'. */
  readonly language?: 'en' | 'zh';
}

const optionNames = namesOf<QuestionAnsweringOptions>({
  tokenizer: true,
  maxLength: true,
  stride: true,
  nBest: true,
  maxAnswerLength: true,
  versionTwo: true,
  nullScoreDiffThreshold: true,
  language: true,
});

/** A window of a question and its context. */
export interface WindowFeature extends TokenFeature {
  /** Offsets of tokens in the context; undefined for other tokens. */
  readonly offsets: readonly (readonly [number, number] | undefined)[];
  /** First and last token of the answer; both 0, [CLS], if the window does not contain it. */
  readonly target?: readonly [number, number];
}

/** A predicted answer: `context.slice(start, end)`. Offsets are in UTF-16 units; in files they are in code points. */
export interface AnswerPrediction {
  readonly answer: string;
  /** Probability among the n best spans. */
  readonly score: number;
  readonly start: number;
  readonly end: number;
  /** The n best answers, including this one. An empty one means no answer. */
  readonly nBest: readonly ScoredAnswer[];
  /** Score of the null answer minus that of the best answer; only if questions may have no answer. */
  readonly nullScoreDifference?: number;
}

/** An answer with its score. */
export interface ScoredAnswer {
  readonly answer: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
  readonly startLogit: number;
  readonly endLogit: number;
}

/** Answers found in a window. */
export interface WindowAnswers {
  readonly spans: readonly AnswerSpan[];
  /** The null answer: the scores at [CLS]. */
  readonly nothing: AnswerSpan;
}

/** Default number of tokens per window. */
export const usualWindow = 384;

/**
 * Extractive question answering.
 *
 * @example
 * const task = new QuestionAnswering({ tokenizer, maxLength: 384, stride: 128 });
 */
export class QuestionAnswering
  implements Task<QuestionAnsweringExample, WindowFeature, WindowAnswers, AnswerPrediction>
{
  readonly name = 'question-answering';
  readonly cutsExamples = true;
  readonly tokenizer: Tokenizer;
  private readonly maxLength: number;
  private readonly stride: number;
  private readonly limits: { nBest: number; maxAnswerLength: number };
  readonly versionTwo: boolean;
  readonly language: 'en' | 'zh';
  private readonly threshold: number;

  constructor(private readonly options: QuestionAnsweringOptions) {
    checkOptionNames(options, optionNames, 'QuestionAnswering');
    const { tokenizer, maxLength = usualWindow, nBest = 20, maxAnswerLength = 30 } = options;
    const { stride = Math.min(128, Math.floor(maxLength / 3)) } = options;
    checkWhole({ maxLength, nBest, maxAnswerLength });
    checkWhole({ stride }, 0);
    this.tokenizer = tokenizer;
    this.maxLength = maxLength;
    this.stride = stride;
    this.limits = { nBest, maxAnswerLength };
    const { versionTwo = false, nullScoreDiffThreshold = 0, language = 'en' } = options;
    if (Number.isNaN(nullScoreDiffThreshold)) throw new UserError('nullScoreDiffThreshold is not a number');
    if (language !== 'en' && language !== 'zh') {
      throw new UserError(`language is ${language}; answers are compared by the rule for en or for zh`);
    }
    this.versionTwo = versionTwo;
    this.threshold = nullScoreDiffThreshold;
    this.language = language;
  }

  /** Returns a copy of the task with some options changed. */
  with(changes: Partial<QuestionAnsweringOptions>): QuestionAnswering {
    return new QuestionAnswering({ ...this.options, ...changes });
  }

  async encode(examples: readonly QuestionAnsweringExample[]): Promise<WindowFeature[][]> {
    const { maxLength, stride } = this;
    const impossible = examples.find(({ isImpossible }) => isImpossible);
    if (impossible && !this.versionTwo) {
      throw new UserError(
        `the question ${JSON.stringify(impossible.id ?? impossible.question)} has no answer (is_impossible); \`versionTwo\` ` +
          'trains and evaluates with such questions',
      );
    }
    const pairs = examples.map(({ question, context }) => [question.trimStart(), context] as const);
    const windows = await this.tokenizer.encodeWindows(pairs, { maxLength, stride });
    return examples.map(({ answers: [answer], isImpossible }, i) =>
      (windows[i] as Encoding[]).map((window) => {
        const offsets = window.offsets.map((offset, token) => (window.sequenceIds[token] === 1 ? offset : undefined));
        const ofAnswer = answer && tokensOf(answer.start, answer.start + answer.text.length, offsets);
        const target: WindowFeature['target'] = isImpossible ? [0, 0] : ofAnswer;
        return tokenFeature(window, { offsets, ...(target && { target }) });
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

  /**
   * Builds the loss: the mean of the cross-entropies of the answer's start and end, over the positions of the window.
   */
  loss(model: PretrainedModel): Tensor {
    const { start_logits, end_logits } = model.forward(modelInputs()).scores;
    const positions = (name: string) => input(name, 'int64', ['batch_size']);
    const start = crossEntropy(start_logits as Tensor, positions('start_positions'));
    const end = crossEntropy(end_logits as Tensor, positions('end_positions'));
    return start.add(end).mul(0.5);
  }

  decode(outputs: Readonly<Record<string, TensorValue>>, row: number, { offsets }: WindowFeature): WindowAnswers {
    const scores = (name: string) => {
      const { data, shape } = outputs[name] as TensorValue;
      const width = shape[1] as number;
      return data.subarray(row * width, (row + 1) * width) as Float32Array;
    };
    const [starts, ends] = [scores('start_logits'), scores('end_logits')];
    const startScore = starts[0] as number;
    const nothing = { start: 0, end: 0, score: startScore + (ends[0] as number), startScore };
    return { spans: windowSpans(starts, ends, offsets, this.limits), nothing };
  }

  combine({ context }: QuestionAnsweringExample, decoded: readonly WindowAnswers[]): AnswerPrediction {
    const nothing = decoded.map((window) => window.nothing).reduce((a, b) => (b.score < a.score ? b : a));
    const spans = decoded.flatMap((window) => window.spans);
    const best = bestSpans(spans, this.limits, this.versionTwo ? nothing : undefined);
    const nBest = best.map(
      ({ start, end, probability, score, startScore }): ScoredAnswer => ({
        answer: context.slice(start, end),
        score: probability,
        start,
        end,
        startLogit: startScore,
        endLogit: score - startScore,
      }),
    );
    // Only a window without any token of the context leaves no span at all.
    const none = { answer: '', score: 0, start: 0, end: 0, startLogit: 0, endLogit: 0 };
    if (!this.versionTwo) return { ...answerOf(nBest[0] ?? none), nBest };
    const answered = nBest.find(({ answer }) => answer !== '') ?? none;
    const unanswered = nBest.find(({ answer }) => answer === '') ?? none;
    const nullScoreDifference = nothing.score - answered.startLogit - answered.endLogit;
    const chosen = nullScoreDifference > this.threshold || answered === none ? unanswered : answered;
    return { ...answerOf(chosen), nBest, nullScoreDifference };
  }

  /** Scores an answer against its references, by the rule of the language: `exact_match` and `f1`, 0 to 1. */
  scoreAnswer(answer: string, references: readonly string[]): { readonly exact_match: number; readonly f1: number } {
    if (references.length === 0) return { exact_match: Number(answer === ''), f1: Number(answer === '') };
    const [isExact, closeness] = this.language === 'zh' ? [cmrcExactMatch, cmrcF1] : [exactMatch, f1];
    return {
      exact_match: Number(references.some((reference) => isExact(answer, reference))),
      f1: Math.max(...references.map((reference) => closeness(answer, reference))),
    };
  }

  collectMetrics(): MetricsCollector<QuestionAnsweringExample, AnswerPrediction> {
    return new AnswerCollector(this);
  }

  metrics(predictions: readonly AnswerPrediction[], examples: readonly QuestionAnsweringExample[]): Evaluation {
    const collector = this.collectMetrics();
    collector.add(predictions, examples);
    return collector.evaluation();
  }
}

const answerOf = ({ answer, score, start, end }: ScoredAnswer) => ({ answer, score, start, end });

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
