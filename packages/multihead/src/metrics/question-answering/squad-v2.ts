/** @file The official evaluation of SQuAD v2 (Rajpurkar et al. 2018): answers, or that there is none. */
import { UserError } from '../../platform/errors.js';
import { exactMatch, f1 } from './squad.js';
import { answerTokens } from './squad-normalize.js';

/** A question with its answers; none where it cannot be answered. */
export interface SquadV2Reference {
  readonly id: string;
  readonly answers: readonly { readonly text: string }[];
}

/** The prediction for a question. */
export interface SquadV2Prediction {
  /** The answer; empty where there is none. */
  readonly answer: string;
  /** How much the model takes the question for one without an answer; only the order counts. Default: 0. */
  readonly noAnswerScore?: number;
}

/** Scores in percent, by the official script's names. Those of a kind of question that does not occur are left out. */
export interface SquadV2Scores {
  readonly exact: number;
  readonly f1: number;
  readonly total: number;
  readonly HasAns_exact?: number;
  readonly HasAns_f1?: number;
  readonly HasAns_total?: number;
  readonly NoAns_exact?: number;
  readonly NoAns_f1?: number;
  readonly NoAns_total?: number;
}

/** The best scores and thresholds on the no-answer scores. */
export interface BestThresholds {
  readonly best_exact: number;
  readonly best_exact_thresh: number;
  readonly best_f1: number;
  readonly best_f1_thresh: number;
}

/** A question's scores, 0 to 1. */
interface Single {
  readonly exact: number;
  readonly f1: number;
  readonly hasAnswer: boolean;
}

/**
 * Scores predictions as the official script does. To a question that cannot be answered only the empty answer is right.
 *
 * @throws UserError where there are no examples, or one has no prediction
 * @example
 * evaluateSquadV2({ q1: { answer: '' } }, [{ id: 'q1', answers: [] }])
 * // { exact: 100, f1: 100, total: 1, NoAns_exact: 100, NoAns_f1: 100, NoAns_total: 1 }
 */
export function evaluateSquadV2(
  predictions: Readonly<Record<string, SquadV2Prediction>>,
  examples: readonly SquadV2Reference[],
): SquadV2Scores {
  const singles = examples.map((example) => singleScores(predictionFor(predictions, example), example));
  if (singles.length === 0) throw new UserError('evaluateSquadV2: no examples, so nothing to measure');
  const percent = (those: readonly Single[], name: 'exact' | 'f1') =>
    (100 * those.reduce((sum, single) => sum + single[name], 0)) / those.length;
  const of = (prefix: string, those: readonly Single[]) =>
    those.length > 0 && {
      [`${prefix}exact`]: percent(those, 'exact'),
      [`${prefix}f1`]: percent(those, 'f1'),
      [`${prefix}total`]: those.length,
    };
  const kind = (hasAnswer: boolean) => singles.filter((single) => single.hasAnswer === hasAnswer);
  return { ...of('', singles), ...of('HasAns_', kind(true)), ...of('NoAns_', kind(false)) } as unknown as SquadV2Scores;
}

/**
 * Searches the threshold on the no-answer score above which "no answer" is said, once for exact match and once for F1. For
 * the search to find what the model can do, predictions should be its best answers even where it would rather give none.
 *
 * @example
 * const examples = [{ id: 'q1', answers: [{ text: 'Paris' }] }];
 * bestThresholds({ q1: { answer: 'Paris', noAnswerScore: -3 } }, examples).best_f1_thresh   // -3
 */
export function bestThresholds(
  predictions: Readonly<Record<string, SquadV2Prediction>>,
  examples: readonly SquadV2Reference[],
): BestThresholds {
  const rows = examples.map((example) => {
    const prediction = predictionFor(predictions, example);
    return { ...singleScores(prediction, example), answer: prediction.answer, noAnswer: prediction.noAnswerScore ?? 0 };
  });
  const order = [...rows].sort((a, b) => a.noAnswer - b.noAnswer);
  const search = (name: 'exact' | 'f1') => {
    // At first nothing is answered: right are those without an answer. Then one question more is answered each time.
    let current = rows.filter(({ hasAnswer }) => !hasAnswer).length;
    let [best, threshold] = [current, 0];
    for (const row of order) {
      current += row.hasAnswer ? row[name] : row.answer === '' ? 0 : -1;
      if (current > best) [best, threshold] = [current, row.noAnswer];
    }
    return [(100 * best) / rows.length, threshold] as const;
  };
  const [[best_exact, best_exact_thresh], [best_f1, best_f1_thresh]] = [search('exact'), search('f1')];
  return { best_exact, best_exact_thresh, best_f1, best_f1_thresh };
}

function predictionFor(
  predictions: Readonly<Record<string, SquadV2Prediction>>,
  { id }: SquadV2Reference,
): SquadV2Prediction {
  const prediction = Object.hasOwn(predictions, id) ? predictions[id] : undefined;
  if (prediction) return prediction;
  throw new UserError(`evaluateSquadV2: the question ${JSON.stringify(id)} has no prediction`);
}

function singleScores({ answer }: SquadV2Prediction, { answers }: SquadV2Reference): Single {
  const texts = answers.map(({ text }) => text).filter((text) => answerTokens(text).length > 0);
  const references = texts.length > 0 ? texts : [''];
  return {
    exact: Number(references.some((text) => exactMatch(answer, text))),
    f1: Math.max(...references.map((text) => f1WithNothing(answer, text))),
    hasAnswer: answers.length > 0,
  };
}

/** F1 of words; where one of both has none, 1 if both have none. */
function f1WithNothing(prediction: string, reference: string): number {
  const [predicted, expected] = [answerTokens(prediction).length, answerTokens(reference).length];
  return predicted === 0 || expected === 0 ? Number(predicted === expected) : f1(prediction, reference);
}
