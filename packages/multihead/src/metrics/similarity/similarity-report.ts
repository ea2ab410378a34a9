/** @file Metrics of similarities, under the names that sentence-transformers' evaluators give them. */
import { pearson, spearman } from '../regression/regression.js';
import { checkLengths } from '../statistics/check-lengths.js';
import { binaryPairsReport } from './binary-pairs.js';
import { type SimilarityName, similarityNames, type VectorSimilarity } from './vector-similarity.js';

/** Metrics by name. A correlation that is not defined, as of equal values, is left out. */
export type SimilarityMetrics = Readonly<Record<string, number>>;

/** Calls a function for the values of each measure, and names its results. */
function eachMeasure(
  similarities: readonly VectorSimilarity[],
  metricsOf: (name: SimilarityName, values: readonly number[]) => Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.assign(
    {},
    ...similarityNames.map((name) =>
      metricsOf(
        name,
        similarities.map((each) => each[name]),
      ),
    ),
  ) as Record<string, number>;
}

/**
 * Correlations of similarities with the scores of pairs, as sentence-transformers' EmbeddingSimilarityEvaluator has them:
 * `pearson_cosine`, `spearman_cosine`, the same of `dot`, `euclidean` and `manhattan`, and the largest of each.
 *
 * @throws UserError for lists of different length, or empty ones
 * @example
 * const pairs = [[[1, 0], [1, 0]], [[1, 0], [0, 1]], [[1, 0], [1, 1]]] as const;
 * scoredPairsMetrics([5, 0, 3], pairs.map(([a, b]) => vectorSimilarity(a, b))).spearman_cosine // 1
 */
export function scoredPairsMetrics(
  scores: readonly number[],
  similarities: readonly VectorSimilarity[],
): SimilarityMetrics {
  checkLengths('scoredPairsMetrics', scores, similarities);
  const metrics = defined(
    eachMeasure(similarities, (name, values) => ({
      [`pearson_${name}`]: pearson(scores, values),
      [`spearman_${name}`]: spearman(scores, values),
    })),
  );
  return { ...metrics, ...largest(metrics, ['pearson', 'spearman'], (of, name) => `${of}_${name}`) };
}

/**
 * The fraction of triplets whose anchor is more similar to the positive than to each negative, as sentence-transformers'
 * TripletEvaluator has it: `cosine_accuracy`, the same of the other measures, and the largest.
 *
 * @param similarities of each anchor with its positive, and with its negatives
 * @throws UserError if there are none
 * @example
 * const triplet = [vectorSimilarity([1, 0], [1, 0.1]), vectorSimilarity([1, 0], [0, 1])];
 * tripletMetrics([triplet]).cosine_accuracy // 1
 */
export function tripletMetrics(similarities: readonly (readonly VectorSimilarity[])[]): SimilarityMetrics {
  checkLengths('tripletMetrics', similarities, similarities);
  const metrics = Object.fromEntries(
    similarityNames.map((name) => {
      const right = similarities.filter(([positive, ...negatives]) =>
        negatives.every((negative) => (positive as VectorSimilarity)[name] > negative[name]),
      );
      return [`${name}_accuracy`, right.length / similarities.length];
    }),
  );
  return { ...metrics, max_accuracy: Math.max(...Object.values(metrics)) };
}

/**
 * How well similarities tell similar pairs from others, as sentence-transformers' BinaryClassificationEvaluator has it:
 * `cosine_accuracy`, `cosine_accuracy_threshold`, `cosine_f1`, `cosine_f1_threshold`, `cosine_precision`, `cosine_recall`,
 * `cosine_ap`, `cosine_mcc`, the same of the other measures (thresholds of distances are positive), and the largest of each.
 *
 * @throws UserError for lists of different length, or empty ones
 * @example
 * const pairs = [vectorSimilarity([1, 0], [1, 0.1]), vectorSimilarity([1, 0], [0, 1])];
 * binaryPairsMetrics([true, false], pairs).cosine_ap // 1
 */
export function binaryPairsMetrics(
  isSimilar: readonly boolean[],
  similarities: readonly VectorSimilarity[],
): SimilarityMetrics {
  checkLengths('binaryPairsMetrics', isSimilar, similarities);
  const kinds = ['accuracy', 'accuracy_threshold', 'f1', 'f1_threshold', 'precision', 'recall', 'ap', 'mcc'];
  const metrics = eachMeasure(similarities, (name, values) => {
    const report = binaryPairsReport(isSimilar, values);
    const sign = name === 'euclidean' || name === 'manhattan' ? -1 : 1;
    const { accuracy, accuracyThreshold, f1, f1Threshold, precision, recall, ap, mcc } = report;
    const of = [accuracy, sign * accuracyThreshold, f1, sign * f1Threshold, precision, recall, ap, mcc];
    return Object.fromEntries(kinds.map((kind, i) => [`${name}_${kind}`, of[i] as number]));
  });
  return { ...metrics, ...largest(metrics, kinds, (kind, name) => `${name}_${kind}`) };
}

/** The largest of each metric over the measures, under `max`. */
function largest(
  metrics: SimilarityMetrics,
  kinds: readonly string[],
  nameOf: (kind: string, measure: string) => string,
): Record<string, number> {
  const found = kinds.flatMap((kind) => {
    const values = similarityNames.flatMap((name) => metrics[nameOf(kind, name)] ?? []);
    return values.length === 0 ? [] : [[nameOf(kind, 'max'), Math.max(...values)] as const];
  });
  return Object.fromEntries(found);
}

const defined = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => !Number.isNaN(value)));
