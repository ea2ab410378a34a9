/** @file Outcomes of sentence similarity. */
import type { SimilarityExample } from '../../data/examples/similarity/similarity-examples.js';
import { type SimilarityForm, similarityForm } from '../../data/examples/similarity/similarity-form.js';
import type { VectorSimilarity } from '../../metrics/similarity/vector-similarity.js';
import type { Outcome } from '../outcome.js';
import type { SimilarityPrediction } from './similarity-prediction.js';

/** The evaluation that examples are a part of. */
export interface OutcomesOptions {
  /** Index of the first example, if others came before. Default: 0. */
  readonly from?: number | undefined;
  /** The least and the greatest score of the evaluation. Default: those of the examples. */
  readonly range?: SimilarityForm['range'] | undefined;
}

/**
 * Returns the outcomes of an evaluation of similarities.
 *
 * Pairs: their cosine, beside the score, which is divided by the greatest one if that is above 1. Triplets: whether the positive
 * or a negative is nearer. Pairs of a class: whether the classifier of the loss tells it.
 */
export function similarityOutcomes(
  predictions: readonly SimilarityPrediction[],
  examples: readonly SimilarityExample[],
  { from = 0, range = similarityForm(examples).range }: OutcomesOptions = {},
): Outcome[] {
  const [least, most] = range ?? [0, 1];
  const greatest = Math.max(1, most, -least);
  return examples.map(({ texts, label, line }, i) => {
    const { similarities, className } = predictions[i] as SimilarityPrediction;
    const [text, ...others] = texts as readonly [string, ...string[]];
    const place = { id: String(line ?? from + i), text, textPair: others.join(' | ') };
    const cosines = similarities.map(({ cosine }) => cosine);
    if (others.length > 1) return { ...place, ...tripletOutcome(cosines) };
    if (className !== undefined) return { ...place, ...classOutcome(String(label), className) };
    const [{ cosine }] = similarities as readonly [VectorSimilarity];
    const reference = typeof label === 'number' ? label / greatest : 1;
    const error = Math.abs(reference - cosine);
    return {
      ...place,
      reference: label ?? 'a pair',
      prediction: cosine,
      scores: { cosine },
      isMistake: true,
      badness: error,
    };
  });
}

function classOutcome(reference: string, prediction: string) {
  const isMistake = prediction !== reference;
  return { reference, prediction, scores: { accuracy: Number(!isMistake) }, isMistake, badness: Number(isMistake) };
}

function tripletOutcome([positive = 0, ...negatives]: readonly number[]) {
  const nearest = Math.max(...negatives);
  const isRight = positive > nearest;
  return {
    reference: 'positive',
    prediction: isRight ? 'positive' : 'negative',
    scores: { accuracy: Number(isRight) },
    isMistake: !isRight,
    badness: nearest - positive,
  };
}

/** The order of mistakes in words: what {@link Outcome.badness} is. */
export const mistakeOrder = 'largest difference of score and cosine first; of triplets, where a negative is nearest';
