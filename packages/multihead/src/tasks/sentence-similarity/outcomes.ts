/** @file Outcomes of sentence similarity. */
import type { SimilarityExample } from '../../data/examples/similarity/similarity-examples.js';
import type { VectorSimilarity } from '../../metrics/similarity/vector-similarity.js';
import type { Outcome } from '../outcome.js';
import type { SimilarityPrediction } from './similarity-prediction.js';

/**
 * Returns the outcomes of an evaluation of similarities.
 *
 * Pairs: their cosine, beside the score, which is divided by the highest one if that is above 1. Triplets: whether the positive
 * or a negative is nearer. Pairs of a class: whether the classifier of the loss tells it.
 *
 * @param from index of the first example, if others came before
 */
export function similarityOutcomes(
  predictions: readonly SimilarityPrediction[],
  examples: readonly SimilarityExample[],
  from = 0,
): Outcome[] {
  const scores = examples.flatMap(({ label }) => (typeof label === 'number' ? Math.abs(label) : []));
  const highest = scores.reduce((most, score) => Math.max(most, score), 1);
  return examples.map(({ texts, label, line }, i) => {
    const { similarities, className } = predictions[i] as SimilarityPrediction;
    const [text, ...others] = texts as readonly [string, ...string[]];
    const place = { id: String(line ?? from + i), text, textPair: others.join(' | ') };
    const cosines = similarities.map(({ cosine }) => cosine);
    if (others.length > 1) return { ...place, ...tripletOutcome(cosines) };
    if (className !== undefined) return { ...place, ...classOutcome(String(label), className) };
    const [{ cosine }] = similarities as readonly [VectorSimilarity];
    const reference = typeof label === 'number' ? label / highest : 1;
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
