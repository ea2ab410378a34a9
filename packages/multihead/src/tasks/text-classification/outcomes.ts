/** @file Outcomes of text classification. */
import type { ClassificationExample } from '../../data/examples/classification/classification.js';
import { labelIds } from '../../data/labels/label-names.js';
import type { ProblemType } from '../../data/labels/label-set.js';
import type { Label } from '../../data/labels/label-values.js';
import type { Outcome } from '../outcome.js';
import type { LabelScore, TextClassification } from './text-classification.js';

/**
 * Returns the outcomes of a classification evaluation.
 *
 * @param from index of the first example, if others came before
 * @example
 * const outcomes = classificationOutcomes(task, await predictExamples(model, task, examples), examples);
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
    id: String(example.line ?? from + i),
    text: example.text,
    textPair: example.textPair,
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
      reference,
      prediction: best.label,
      confidence: best.score,
      probabilities: byLabel(scores),
      scores: { accuracy: Number(best.label === reference) },
      isMistake: best.label !== reference,
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
      reference,
      prediction,
      probabilities: byLabel(scores),
      scores: { accuracy: Number(2 * right === all), f1: all === 0 ? 1 : (2 * right) / all },
      isMistake: 2 * right !== all,
      badness: losses.reduce((a, b) => a + b, 0) / losses.length,
    };
  },
  regression: ([value]: readonly LabelScore[], label: Label | undefined): OfPrediction => {
    const [reference, prediction] = [Number(label), (value as LabelScore).score];
    const error = Math.abs(reference - prediction);
    return { reference, prediction, scores: { absolute_error: error }, isMistake: true, badness: error };
  },
};

const byLabel = (scores: readonly LabelScore[]): Record<string, number> =>
  Object.fromEntries(scores.map(({ label, score }) => [label, score]));

/** The order of mistakes in words: what {@link Outcome.badness} is. */
export const mistakeOrder = (problemType: ProblemType): string =>
  problemType === 'regression' ? 'largest error first' : 'lowest probability of the right label first';
