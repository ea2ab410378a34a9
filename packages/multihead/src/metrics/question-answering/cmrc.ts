/**
 * @file The official evaluation of CMRC 2018 (Cui et al. 2019), for answers in Chinese: characters are compared one by one,
 * words in Latin script as words, and what counts is the longest stretch that both have.
 */
import { UserError } from '../../platform/errors.js';
import { treebankTokens } from './treebank-tokens.js';

/** Scores in percent. */
export interface CmrcScores {
  readonly exactMatch: number;
  readonly f1: number;
  /** The mean of the two, by which the task ranks. */
  readonly average: number;
  readonly total: number;
}

/** The signs that are left out of the comparison, as the script lists them; two dots of an ellipsis are one there. */
const signs = new Set('-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』');
const hanCharacter = /[\u4e00-\u9fa5]/;

/**
 * Scores predictions as the official script does: the best over a question's answers, averaged over all questions. A question
 * without a prediction scores 0.
 *
 * @throws UserError where there are no examples
 * @example
 * evaluateCmrc({ q1: '光荣和ω-force' }, [{ id: 'q1', answers: [{ text: '光荣和ω-force' }] }])
 * // { exactMatch: 100, f1: 100, average: 100, total: 1 }
 */
export function evaluateCmrc(
  predictions: Readonly<Record<string, string>>,
  examples: readonly { readonly id: string; readonly answers: readonly { readonly text: string }[] }[],
): CmrcScores {
  if (examples.length === 0) throw new UserError('evaluateCmrc: no examples, so nothing to measure');
  let [exact, f1] = [0, 0];
  for (const { id, answers } of examples) {
    const prediction = Object.hasOwn(predictions, id) ? predictions[id] : undefined;
    if (prediction === undefined) continue;
    exact += Number(answers.some(({ text }) => cmrcExactMatch(prediction, text)));
    f1 += Math.max(0, ...answers.map(({ text }) => cmrcF1(prediction, text)));
  }
  const total = examples.length;
  const [exactMatch, ofF1] = [(100 * exact) / total, (100 * f1) / total];
  return { exactMatch, f1: ofF1, average: (exactMatch + ofF1) / 2, total };
}

/**
 * Whether an answer equals the reference without signs, in lower case.
 *
 * @example
 * cmrcExactMatch('《三国志》', '三国志')   // true
 */
export const cmrcExactMatch = (prediction: string, reference: string): boolean =>
  withoutSigns(prediction) === withoutSigns(reference);

/**
 * F1 of the longest stretch of segments (characters, and words in Latin script) that both have, 0 to 1.
 *
 * @example
 * cmrcF1('1994年', '1994年4月')   // 0.6666666666666666
 */
export function cmrcF1(prediction: string, reference: string): number {
  const [predicted, expected] = [segments(prediction), segments(reference)];
  const shared = longestCommonStretch(predicted, expected);
  if (shared === 0) return 0;
  const [precision, recall] = [shared / predicted.length, shared / expected.length];
  return (2 * precision * recall) / (precision + recall);
}

const normalized = (text: string): string[] => [...text.toLowerCase().trim()];
const withoutSigns = (text: string): string =>
  normalized(text)
    .filter((character) => !signs.has(character))
    .join('');

/** Han characters one by one; what stands between them as the words of English. */
function segments(text: string): string[] {
  const found: string[] = [];
  let other = '';
  const flush = () => {
    if (other !== '') found.push(...treebankTokens(other));
    other = '';
  };
  for (const character of normalized(text)) {
    if (signs.has(character)) continue;
    if (!hanCharacter.test(character)) {
      other += character;
      continue;
    }
    flush();
    found.push(character);
  }
  flush();
  return found;
}

/** The length of the longest run of neighbours that two lists share. */
function longestCommonStretch(a: readonly string[], b: readonly string[]): number {
  let before = new Array<number>(b.length + 1).fill(0);
  let longest = 0;
  for (const item of a) {
    const row = [0];
    for (const [j, other] of b.entries()) {
      const length = item === other ? (before[j] as number) + 1 : 0;
      row.push(length);
      longest = Math.max(longest, length);
    }
    before = row;
  }
  return longest;
}
