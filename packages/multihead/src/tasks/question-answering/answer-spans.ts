/**
 * @file Converts start and end scores of tokens to answers, by the rules of Hugging Face's run_qa for SQuAD v1.1.
 *
 * In each window, the best starts meet the best ends; spans that run backwards, are too long or leave the context are
 * out. Over all windows of a question, the spans with the highest sum of start and end score remain.
 */
import { softmax } from '../../platform/softmax.js';

/** A span of the context that may be the answer. Start and end are UTF-16 indices into the context. */
export interface AnswerSpan {
  readonly start: number;
  readonly end: number;
  /** Sum of the start and end logits. */
  readonly score: number;
  /** The start's logit alone. */
  readonly startScore: number;
}

/** Limits on spans. */
export interface SpanLimits {
  /** How many starts, ends and answers are kept. */
  readonly nBest: number;
  /** The longest answer, in tokens. */
  readonly maxAnswerLength: number;
}

/**
 * The spans of one window.
 *
 * @param startScores one for each token
 * @param endScores   one for each token
 * @param offsets     offsets of each token in the context; undefined for tokens of the question and special tokens
 */
export function windowSpans(
  startScores: ArrayLike<number>,
  endScores: ArrayLike<number>,
  offsets: readonly (readonly [number, number] | undefined)[],
  { nBest, maxAnswerLength }: SpanLimits,
): AnswerSpan[] {
  const ends = highest(endScores, offsets.length, nBest);
  return highest(startScores, offsets.length, nBest).flatMap((first) =>
    ends.flatMap((last) => {
      const [from, to] = [offsets[first], offsets[last]];
      if (!from || !to || last < first || last - first + 1 > maxAnswerLength) return [];
      const startScore = startScores[first] as number;
      return [{ start: from[0], end: to[1], score: startScore + (endScores[last] as number), startScore }];
    }),
  );
}

/**
 * The best spans of all windows of a question, with probabilities over them.
 *
 * @param nothing the null answer, an empty span, which is always among the results
 */
export function bestSpans<Span extends Pick<AnswerSpan, 'score'>>(
  spans: readonly Span[],
  { nBest }: Pick<SpanLimits, 'nBest'>,
  nothing?: Span,
): (Span & { probability: number })[] {
  const candidates = nothing ? [...spans, nothing] : spans;
  const best = [...candidates].sort((a, b) => b.score - a.score).slice(0, nBest);
  if (nothing && !best.includes(nothing)) best.push(nothing);
  const probabilities = softmax(best.map(({ score }) => score));
  return best.map((span, i) => ({ ...span, probability: probabilities[i] as number }));
}

/** The indices of the highest scores, the highest first. */
function highest(scores: ArrayLike<number>, length: number, count: number): number[] {
  return Array.from({ length }, (_, i) => i)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number))
    .slice(0, count);
}
