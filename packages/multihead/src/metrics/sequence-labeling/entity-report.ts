/** @file Precision, recall and F1 of entities by type, and their averages, as seqeval counts them. */
import { compareCodePoints } from '../../platform/code-point-order.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { ClassScores } from '../classification/classification-report.js';
import { checkLengths } from '../statistics/check-lengths.js';
import { pairwiseSum } from '../statistics/pairwise-sum.js';
import { type Entity, type EntityOptions, entityOptionNames, entityReader } from './entities.js';

/** Options of `entityReport`. */
export interface EntityReportOptions extends EntityOptions {
  /** What precision and recall are where they would divide by zero. Default: 0. */
  readonly zeroDivision?: 0 | 1;
}

const optionNames = [
  ...entityOptionNames,
  ...namesOf<Omit<EntityReportOptions, keyof EntityOptions>>({ zeroDivision: true }),
];

/** What {@link entityReport} gives. */
export interface EntityReport {
  /** The types that references or predictions have, in the order of their names. */
  readonly types: readonly (ClassScores & { readonly label: string })[];
  /** Over all entities together: what papers on named entities report. */
  readonly micro: ClassScores;
  /** Mean over the types. */
  readonly macro: ClassScores;
  /** Mean over the types, weighted by support. */
  readonly weighted: ClassScores;
  /** Fraction of the tokens whose tags are right. */
  readonly accuracy: number;
}

/**
 * Measures a tagger by the entities that it finds: one is right if its type, its first and its last token are. The same
 * numbers as seqeval 1.2.2's `classification_report`, in its default mode and strictly. (Where there is no entity at all,
 * seqeval has no report; here every score is `zeroDivision`.)
 *
 * @param references  the tags of each sentence
 * @param predictions the same, as predicted
 * @throws UserError if the numbers of sentences, or of tags in one of them, differ; without sentences; for an empty tag; in
 *   strict mode, for tags that the scheme does not have
 * @example
 * const report = entityReport([['B-PER', 'I-PER', 'O', 'B-LOC']], [['B-PER', 'I-PER', 'O', 'O']]);
 * report.micro   // { precision: 1, recall: 0.5, f1: 0.6666666666666666, support: 2 }
 */
export function entityReport(
  references: readonly (readonly string[])[],
  predictions: readonly (readonly string[])[],
  options: EntityReportOptions = {},
): EntityReport {
  checkOptionNames(options, optionNames, 'entityReport');
  checkLengths('entityReport', references, predictions);
  const { zeroDivision = 0 } = options;
  if (zeroDivision !== 0 && zeroDivision !== 1) throw new UserError(`zeroDivision is ${zeroDivision}; expected 0 or 1`);
  for (const [i, tags] of references.entries()) {
    const { length } = predictions[i] as readonly string[];
    if (length === tags.length) continue;
    throw new UserError(`entityReport: sentence ${i} has ${tags.length} reference tags but ${length} predicted ones`);
  }
  const read = entityReader(references, options);
  const [actual, predicted] = [byType(read(references)), byType(read(predictions))];
  const names = [...new Set([...actual.keys(), ...predicted.keys()])].sort(compareCodePoints);
  const counts = names.map((name): Counts => {
    const [theirs, ours] = [actual.get(name) ?? new Set(), predicted.get(name) ?? new Set()];
    return { right: [...ours].filter((place) => theirs.has(place)).length, predicted: ours.size, actual: theirs.size };
  });
  const scores = counts.map((one) => scoresOf(one, zeroDivision));
  const all = counts.reduce(
    (sum, one) => ({
      right: sum.right + one.right,
      predicted: sum.predicted + one.predicted,
      actual: sum.actual + one.actual,
    }),
    { right: 0, predicted: 0, actual: 0 },
  );
  return {
    types: scores.map((score, i) => ({ label: names[i] as string, ...score })),
    micro: scoresOf(all, zeroDivision),
    macro: average(scores, undefined, all, zeroDivision),
    weighted: average(
      scores,
      counts.map((one) => one.actual),
      all,
      zeroDivision,
    ),
    accuracy: tokenAccuracy(references, predictions),
  };
}

/** How many entities there are, and how many of those predicted are right. */
interface Counts {
  readonly right: number;
  readonly predicted: number;
  readonly actual: number;
}

/** Where the entities of each type are. */
function byType(sentences: readonly (readonly Entity[])[]): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  for (const [i, entities] of sentences.entries()) {
    for (const { type, start, end } of entities) {
      const ofType = places.get(type) ?? new Set();
      places.set(type, ofType.add(`${i}:${start}:${end}`));
    }
  }
  return places;
}

function scoresOf({ right, predicted, actual }: Counts, zeroDivision: number): ClassScores {
  const precision = predicted === 0 ? zeroDivision : right / predicted;
  const recall = actual === 0 ? zeroDivision : right / actual;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1, support: actual };
}

/** The mean of scores, weighted or not. */
function average(
  scores: readonly ClassScores[],
  weights: readonly number[] | undefined,
  { predicted, actual }: Counts,
  zeroDivision: number,
): ClassScores {
  if (scores.length === 0 || (weights && actual === 0)) {
    const ofPredictions = predicted === 0 ? zeroDivision : 0;
    return { precision: ofPredictions, recall: zeroDivision, f1: ofPredictions, support: actual };
  }
  const mean = (metric: 'precision' | 'recall' | 'f1') =>
    pairwiseSum(scores.map((score, i) => score[metric] * (weights?.[i] ?? 1))) / (weights ? actual : scores.length);
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support: actual };
}

function tokenAccuracy(
  references: readonly (readonly string[])[],
  predictions: readonly (readonly string[])[],
): number {
  const [expected, found] = [references.flat(), predictions.flat()];
  if (expected.length === 0) return 0;
  return expected.filter((tag, i) => tag === found[i]).length / expected.length;
}
