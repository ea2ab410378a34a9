/** @file Exact match and F1 of answers: the official evaluation of SQuAD v1.1, to the last digit. */
import { UserError } from '../../platform/errors.js';
import { answerTokens, normalizeAnswer } from './squad-normalize.js';

/** What {@link evaluateSquad} gives. */
export interface SquadScores {
  /** Percentage of predictions that equal one of their answers once both are normalized, from 0 to 100. */
  readonly exactMatch: number;
  /** Mean over the questions of the best F1 with one of the answers, from 0 to 100. */
  readonly f1: number;
  /** Number of questions. */
  readonly total: number;
  /** Ids of the questions without a prediction; each counts as 0. */
  readonly missing: readonly string[];
}

/**
 * Scores predictions as the official script does (Rajpurkar et al. 2016): for each question the best score over its
 * answers, averaged over all questions. A question without a prediction scores 0; predictions for other questions are
 * ignored.
 *
 * The normalization is for English: it knows no words in text without spaces, so that F1 of Chinese equals exact match.
 *
 * @param predictions answer by question id
 * @param examples    questions with at least one answer each, as `readSquad` gives them
 * @throws UserError if there are no examples, or one has no answers
 * @example
 * const examples = [{ id: 'q1', answers: [{ text: 'the Eiffel Tower' }] }];
 * evaluateSquad({ q1: 'Eiffel tower!' }, examples)   // { exactMatch: 100, f1: 100, total: 1, missing: [] }
 */
export function evaluateSquad(
  predictions: Readonly<Record<string, string>>,
  examples: readonly { readonly id: string; readonly answers: readonly { readonly text: string }[] }[],
): SquadScores {
  if (examples.length === 0) throw new UserError('evaluateSquad: no examples, so nothing to measure');
  let exact = 0;
  let f1Sum = 0;
  const missing: string[] = [];
  for (const { id, answers } of examples) {
    if (answers.length === 0) {
      throw new UserError(`evaluateSquad: the question ${JSON.stringify(id)} has no answers to compare with`);
    }
    const prediction = Object.hasOwn(predictions, id) ? predictions[id] : undefined;
    if (prediction === undefined) {
      missing.push(id);
      continue;
    }
    exact += answers.some(({ text }) => exactMatch(prediction, text)) ? 1 : 0;
    f1Sum += Math.max(...answers.map(({ text }) => f1(prediction, text)));
  }
  const total = examples.length;
  return { exactMatch: (100 * exact) / total, f1: (100 * f1Sum) / total, total, missing };
}

/**
 * Whether a predicted answer equals the reference once both are normalized.
 *
 * @example
 * exactMatch('The Eiffel Tower.', 'eiffel tower')   // true
 */
export function exactMatch(prediction: string, reference: string): boolean {
  return normalizeAnswer(prediction) === normalizeAnswer(reference);
}

/**
 * F1 of the words that a predicted answer shares with the reference, each counted as often as both have it:
 * 2 precision recall / (precision + recall), from 0 to 1. It is 0 where no word is left of either, though both may
 * match exactly; so has it the official script.
 *
 * @example
 * f1('in the Eiffel Tower', 'Eiffel Tower')   // 0.8
 */
export function f1(prediction: string, reference: string): number {
  const predicted = answerTokens(prediction);
  const expected = answerTokens(reference);
  const left = new Map<string, number>();
  for (const token of expected) left.set(token, (left.get(token) ?? 0) + 1);
  let shared = 0;
  for (const token of predicted) {
    const count = left.get(token) ?? 0;
    if (count > 0) shared++;
    left.set(token, count - 1);
  }
  if (shared === 0) return 0;
  const precision = shared / predicted.length;
  const recall = shared / expected.length;
  return (2 * precision * recall) / (precision + recall);
}
