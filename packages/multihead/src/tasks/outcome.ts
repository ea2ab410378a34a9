/** @file What a model did with each example of an evaluation: the rows that reports, lists of mistakes and comparisons are made of. */
import type { ClassificationExample } from '../data/classification.js';
import { labelIds } from '../data/label-names.js';
import type { Label } from '../data/label-values.js';
import { withIds } from '../data/question-ids.js';
import type { QuestionAnsweringExample } from '../data/squad.js';
import type { AnswerPrediction, QuestionAnswering } from './question-answering/question-answering.js';
import type { LabelScore, TextClassification } from './text-classification/text-classification.js';

/** One example: what went in, what should have come out, and what did. */
export interface Outcome {
  /** The question's id, or the line of the file; where there is neither, the example's number from 0. */
  readonly id: string;
  readonly text: string;
  /** The second text of a pair; the context of a question. */
  readonly textPair?: string | undefined;
  readonly reference: string | number | readonly string[];
  readonly prediction: string | number | readonly string[];
  /** How sure the model is of its prediction, 0 to 1. A regression's value has none. */
  readonly confidence?: number | undefined;
  /** Probability of each label, for classification. */
  readonly probabilities?: Readonly<Record<string, number>> | undefined;
  /** How good the prediction is, by the names of metrics of which these are the means: accuracy; exact_match and f1. */
  readonly scores: Readonly<Record<string, number>>;
  /** How bad it is: the worst mistakes have the most. */
  readonly badness: number;
}

/**
 * What a classifier did.
 *
 * @param from number of the first example, where others came before
 */
export function classificationOutcomes(
  { problemType }: Pick<TextClassification, 'problemType'>,
  predictions: readonly (readonly LabelScore[])[],
  examples: readonly ClassificationExample[],
  from = 0,
): Outcome[] {
  const outcomeOf = { ...outcomesByProblem }[problemType];
  const names = (predictions[0] ?? []).map(({ label }) => label);
  const idOf = labelIds(names);
  const own = (name: string | number) => names[idOf(String(name)) ?? -1] ?? String(name);
  return examples.map((example, i) => ({
    ...{ id: String(example.line ?? from + i), text: example.text, textPair: example.textPair },
    ...outcomeOf(predictions[i] as readonly LabelScore[], example.label, own),
  }));
}

/** The name that the model has for a label: `LABEL_0` for `0`. */
type OwnName = (name: string | number) => string;

type OfPrediction = Omit<Outcome, 'id' | 'text' | 'textPair'>;

const outcomesByProblem = {
  single_label_classification: (
    scores: readonly LabelScore[],
    label: Label | undefined,
    own: OwnName,
  ): OfPrediction => {
    const best = scores[0] as LabelScore;
    const reference = own(String(label));
    const ofReference = scores.find((other) => other.label === reference)?.score ?? 0;
    return {
      ...{ reference, prediction: best.label, confidence: best.score, probabilities: byLabel(scores) },
      scores: { accuracy: Number(best.label === reference) },
      badness: -Math.log(Math.max(ofReference, 1e-12)),
    };
  },
  multi_label_classification: (scores: readonly LabelScore[], label: Label | undefined, own: OwnName): OfPrediction => {
    const reference = [label ?? []].flat().map(own);
    const prediction = scores.filter(({ applies }) => applies).map((each) => each.label);
    const right = prediction.filter((name) => reference.includes(name)).length;
    const all = prediction.length + reference.length;
    const losses = scores.map(
      ({ label, score }) => -Math.log(Math.max(reference.includes(label) ? score : 1 - score, 1e-12)),
    );
    return {
      ...{ reference, prediction, probabilities: byLabel(scores) },
      scores: { accuracy: Number(2 * right === all), f1: all === 0 ? 1 : (2 * right) / all },
      badness: losses.reduce((a, b) => a + b, 0) / losses.length,
    };
  },
  regression: ([value]: readonly LabelScore[], label: Label | undefined): OfPrediction => {
    const [reference, prediction] = [Number(label), (value as LabelScore).score];
    const error = Math.abs(reference - prediction);
    return { reference, prediction, scores: { absolute_error: error }, badness: error };
  },
};

const byLabel = (scores: readonly LabelScore[]): Record<string, number> =>
  Object.fromEntries(scores.map(({ label, score }) => [label, score]));

/** What a model did that answers questions. Where nothing is the answer, nothing is the right one. */
export function answerOutcomes(
  task: Pick<QuestionAnswering, 'scoreAnswer'>,
  predictions: readonly AnswerPrediction[],
  examples: readonly QuestionAnsweringExample[],
): Outcome[] {
  return withIds(examples).map(({ id, question, context, answers }, i) => {
    const { answer, score } = predictions[i] as AnswerPrediction;
    const references = [...new Set(answers.map(({ text }) => text))];
    const scores = task.scoreAnswer(answer, references);
    const reference = references.length > 0 ? references : [''];
    return {
      ...{ id, text: question, textPair: context, reference, prediction: answer, confidence: score, scores },
      badness: (1 - scores.f1) * (1 + score),
    };
  });
}
