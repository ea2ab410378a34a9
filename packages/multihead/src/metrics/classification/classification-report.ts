/** @file Precision, recall and F1 of every class, and their averages, as scikit-learn's classification_report. */
import { UserError } from '../../platform/errors.js';
import { checkLengths } from '../statistics/check-lengths.js';
import { pairwiseSum } from '../statistics/pairwise-sum.js';
import { labelIndex } from './label-index.js';

/** Scores of a class, or averages over classes; fractions from 0 to 1. */
export interface ClassScores {
  /** Of what was predicted to be of the class, the fraction that is: tp / (tp + fp). */
  readonly precision: number;
  /** Of what is of the class, the fraction that was predicted to be: tp / (tp + fn). */
  readonly recall: number;
  /** Harmonic mean of precision and recall: 2 tp / (2 tp + fp + fn). */
  readonly f1: number;
  /** How many references are of the class. */
  readonly support: number;
}

/** What {@link classificationReport} gives. */
export interface ClassificationReport {
  /** In the order of the labels; with one label an example, only those that references or predictions have. */
  readonly classes: readonly (ClassScores & { readonly label: string })[];
  /** Fraction of examples that are wholly right: with several labels an example, all of them. */
  readonly accuracy: number;
  /** Over all decisions together. With one label an example, all three equal the accuracy. */
  readonly micro: ClassScores;
  /** Mean over these classes. */
  readonly macro: ClassScores;
  /** Mean over the classes, weighted by support. */
  readonly weighted: ClassScores;
  /** Mean over the examples; only with several labels an example. */
  readonly samples?: ClassScores;
}

/** The class of an example, or all classes of an example that may have several or none. */
export type ClassNames = string | readonly string[];

/**
 * Measures a classifier, class by class and on average. What divides by zero counts as 0, as in scikit-learn; and as
 * there, where nothing else is asked for, a class that neither references nor predictions have does not count. (With
 * several labels an example, all of them count.)
 *
 * @param references  the right class of each example; or the list of its classes, in a multi-label problem
 * @param predictions the same, as predicted
 * @param labels      names of all classes, in the order of the report
 * @throws UserError if the numbers of references and predictions differ or are 0, for a class not among the labels, and
 *   if some examples have one class and others lists
 * @example
 * const report = classificationReport(['no', 'yes', 'yes'], ['no', 'no', 'yes'], ['no', 'yes']);
 * report.classes[1]   // { label: 'yes', precision: 1, recall: 0.5, f1: 0.6666666666666666, support: 2 }
 */
export function classificationReport(
  references: readonly ClassNames[],
  predictions: readonly ClassNames[],
  labels: readonly string[],
): ClassificationReport {
  checkLengths('classificationReport', references, predictions);
  const multiLabel = isMultiLabel([...references, ...predictions]);
  const indexOf = labelIndex('classificationReport', labels);
  const setsOf = (role: 'references' | 'predictions', values: readonly ClassNames[]) =>
    values.map((names, at) => new Set([names].flat().map((name) => indexOf(name, role, at))));
  const actual = setsOf('references', references);
  const predicted = setsOf('predictions', predictions);

  const ofLabels: Counts[] = labels.map(() => ({ right: 0, predicted: 0, actual: 0 }));
  const bySample = actual.map((truth, at) => countSample(truth, predicted[at] ?? new Set(), ofLabels));
  const counting = [...labels.keys()].filter((index) => multiLabel || occurs(ofLabels[index] as Counts));
  const byClass = counting.map((index) => ofLabels[index] as Counts);

  const all = sumOf(byClass);
  const scores = byClass.map(scoresOf);
  const weights = byClass.map((counts) => counts.actual);
  const report = {
    classes: scores.map((score, index) => ({ label: labels[counting[index] as number] as string, ...score })),
    accuracy: bySample.filter(isWhollyRight).length / bySample.length,
    micro: scoresOf(all),
    macro: average(
      scores,
      scores.map(() => 1),
      all.actual,
    ),
    weighted: average(scores, weights, all.actual),
  };
  if (!multiLabel) return report;
  const sampleWeights = bySample.map(() => 1);
  return { ...report, samples: average(bySample.map(scoresOf), sampleWeights, all.actual) };
}

/** Counts of a class over all examples, or of an example over all classes. */
interface Counts {
  right: number;
  predicted: number;
  actual: number;
}

function isMultiLabel(values: readonly ClassNames[]): boolean {
  const lists = values.filter((value) => Array.isArray(value)).length;
  if (lists === 0 || lists === values.length) return lists > 0;
  throw new UserError('classificationReport: some examples have one class and others lists of classes; give all alike');
}

/** Counts one example, and adds it to the counts of its classes. */
function countSample(actual: ReadonlySet<number>, predicted: ReadonlySet<number>, byClass: readonly Counts[]): Counts {
  const sample: Counts = { right: 0, predicted: predicted.size, actual: actual.size };
  for (const [index, counts] of byClass.entries()) {
    if (actual.has(index)) counts.actual++;
    if (predicted.has(index)) counts.predicted++;
    if (!actual.has(index) || !predicted.has(index)) continue;
    counts.right++;
    sample.right++;
  }
  return sample;
}

const occurs = ({ predicted, actual }: Counts) => predicted + actual > 0;

const isWhollyRight = ({ right, predicted, actual }: Counts) => right === predicted && right === actual;

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

const scoresOf = ({ right, predicted, actual }: Counts): ClassScores => ({
  precision: ratio(right, predicted),
  recall: ratio(right, actual),
  f1: ratio(2 * right, predicted + actual),
  support: actual,
});

function sumOf(counts: readonly Counts[]): Counts {
  const sum: Counts = { right: 0, predicted: 0, actual: 0 };
  for (const { right, predicted, actual } of counts) {
    sum.right += right;
    sum.predicted += predicted;
    sum.actual += actual;
  }
  return sum;
}

/** The weighted mean of scores. */
function average(scores: readonly ClassScores[], weights: readonly number[], support: number): ClassScores {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (metric: 'precision' | 'recall' | 'f1') =>
    ratio(pairwiseSum(scores.map((score, index) => score[metric] * (weights[index] ?? 0))), total);
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support };
}
