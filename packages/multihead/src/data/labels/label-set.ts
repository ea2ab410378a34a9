/** @file The labels of a data set, and its problem type. */
import { compareCodePoints } from '../../platform/code-point-order.js';
import { UserError } from '../../platform/errors.js';
import { showValue } from '../../platform/show-value.js';
import type { Label } from './label-values.js';

/** Hugging Face's `problem_type`. */
export type ProblemType = 'single_label_classification' | 'multi_label_classification' | 'regression';

/** The labels of a data set. */
export interface LabelSet {
  readonly problemType: ProblemType;
  /** Names of the classes, in the order of their ids; empty for regression. */
  readonly names: readonly string[];
}

/**
 * Determines the label names of a data set and its problem type.
 *
 * Lists of names make a multi-label problem, numbers that are not all integers a regression, anything else a
 * single-label problem. Names that are all integers are in numeric order, others in the order of their code points
 * (Python's `sorted`), so that the same data gives the same ids everywhere.
 *
 * @param examples what was read with `readClassificationExamples`, of one file or several
 * @param where      the file or files, for errors
 * @param classNames the classes, where they are known; these and their order are kept then
 * @throws UserError if an example has no label, if the kinds of labels differ, if there is but one class, or a label that is
 *   not among the known ones
 * @example
 * labelSet([{ label: 'no' }, { label: 'yes' }, { label: 'no' }])
 * // { problemType: 'single_label_classification', names: ['no', 'yes'] }
 */
export function labelSet(
  examples: readonly { readonly label?: Label; readonly line?: number }[],
  where?: string,
  classNames?: readonly string[],
): LabelSet {
  const fail = (what: string): never => {
    throw new UserError(where ? `${where}: ${what}` : what);
  };
  const labels = examples.map(({ label, line }, index) => {
    if (label !== undefined) return label;
    return fail(`example ${index}${line ? ` (line ${line} of its file)` : ''} has no label`);
  });
  if (labels.length === 0) fail('no examples, so no labels');
  // Integers beyond 2^53 name no class, but they are values beside others that are no integers.
  const areValues = labels.every(Number.isFinite) && !labels.every(Number.isInteger);
  const wrong = areValues ? undefined : labels.find((label) => !isLabel(label));
  if (wrong !== undefined) fail(`the label ${showValue(wrong)} is ${expected}`);

  if (classNames) {
    const known = new Set(classNames);
    const unknown = labels.flat().find((label) => !known.has(String(label)));
    if (unknown !== undefined) fail(`the label ${JSON.stringify(unknown)} is none of ${classNames.join(', ')}`);
    const areLists = labels.some((label) => Array.isArray(label));
    return { problemType: areLists ? 'multi_label_classification' : 'single_label_classification', names: classNames };
  }
  if (labels.every((label) => Array.isArray(label))) {
    const names = [...new Set(labels.flat())].sort(byNumberOrCodePoint(labels.flat()));
    if (names.length === 0) fail('no example has a label: every list of labels is empty');
    return { problemType: 'multi_label_classification', names };
  }
  if (areValues) return { problemType: 'regression', names: [] };
  const kinds = new Set(labels.map((label) => (Array.isArray(label) ? 'list' : typeof label)));
  if (kinds.size > 1) {
    fail(`the labels are of different kinds (${[...kinds].join(', ')}): the files do not fit together`);
  }
  const names = [...new Set(labels.map(String))];
  if (names.length === 1) {
    fail(`every example has the label ${JSON.stringify(names[0])}: a classifier needs two or more`);
  }
  return { problemType: 'single_label_classification', names: names.sort(byNumberOrCodePoint(names)) };
}

const expected = 'none; expected a string, a finite number, an integer up to 2^53, or an array of strings';

/** Whether a value, perhaps of JavaScript that no compiler looked at, can be a label. */
const isLabel = (value: unknown): boolean =>
  typeof value === 'string' ||
  (typeof value === 'number' && (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value))) ||
  (Array.isArray(value) && value.every((name) => typeof name === 'string'));

function byNumberOrCodePoint(names: readonly string[]): (a: string, b: string) => number {
  const areIntegers = names.every((name) => /^(?:0|-?[1-9]\d*)$/.test(name));
  return areIntegers ? (a, b) => (BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b))) : compareCodePoints;
}
