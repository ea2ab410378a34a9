/** @file The labels of a file: words, numbers, or lists of words; all of one kind. */
import { UserError } from '../errors.js';

/** A class's name, a class's number or a regression target, or the names of all classes that apply. */
export type Label = string | number | string[];

/** A cell of the label's column. */
export interface LabelCell {
  readonly line: number;
  readonly value: unknown;
}

type Kind = 'word' | 'number' | 'list';

/**
 * Reads the labels of a file from JSON values, whose kind is plain.
 *
 * @param cells the values; white space around words is no part of them
 * @param path  the file's name, for errors
 * @throws UserError `path:line: ...` for another kind of value, a name twice in one list, and labels of different kinds
 * @example
 * labelsFromJson([{ line: 1, value: ['toxic', 'insult'] }, { line: 2, value: [] }], 'a.jsonl')   // as they are
 */
export function labelsFromJson(cells: readonly LabelCell[], path: string): Label[] {
  const labels = cells.map((cell) => ({ line: cell.line, label: fromJson(cell, path) }));
  refuseMixedKinds(labels, path);
  return labels.map(({ label }) => label);
}

/**
 * Reads the labels of a file from the cells of CSV or TSV, where `1` may be a number or a name: if all cells are numbers
 * they are numbers, but integers that would lose their spelling (`007`) are names.
 *
 * @param cells the cells; white space around them is no part of the label
 * @param path  the file's name, for errors
 * @throws UserError `path:line: ...` if some cells are numbers and others words
 * @example
 * labelsFromText([{ line: 1, value: '0' }, { line: 2, value: '1' }], 'a.tsv')   // [0, 1]
 */
export function labelsFromText(cells: readonly LabelCell[], path: string): Label[] {
  const texts = cells.map(({ value }) => String(value).trim());
  refuseMixedKinds(
    texts.map((text, index) => ({ line: cells[index]?.line ?? 0, label: decimal.test(text) ? Number(text) : text })),
    path,
  );
  const areNumbers =
    texts.every((text) => decimal.test(text)) &&
    (texts.some((text) => /[.e]/i.test(text)) || texts.every((text) => String(Number(text)) === text));
  return areNumbers ? texts.map(Number) : texts;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function fromJson({ line, value }: LabelCell, path: string): Label {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return namesIn(value, line, path);
  throw new UserError(
    `${path}:${line}: the label is ${JSON.stringify(value)}; expected a string, a number or an array of strings`,
  );
}

function namesIn(list: readonly unknown[], line: number, path: string): string[] {
  const names = list.map((item) => {
    if (typeof item === 'string' && item.trim() !== '') return item.trim();
    if (Number.isSafeInteger(item)) return String(item);
    throw new UserError(`${path}:${line}: a list of labels holds ${JSON.stringify(item)}; expected names of classes`);
  });
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return names;
  throw new UserError(
    `${path}:${line}: a list of labels holds ${JSON.stringify(repeated)} twice. It must name the classes that apply ` +
      `(["toxic", "insult"]), not give a 0 or 1 for each class.`,
  );
}

/** Refuses labels of more than one kind. */
export function refuseMixedKinds(labels: readonly { line: number; label: Label }[], path: string): void {
  const [first] = labels;
  const odd = labels.find(({ label }) => first && kindOf(label) !== kindOf(first.label));
  if (!first || !odd) return;
  const [one, other] = [first, odd].map(({ label }) => `the ${kindOf(label)} ${JSON.stringify(label)}`);
  throw new UserError(
    `${path}:${odd.line}: the label is ${other}, but ${one} on line ${first.line}. All labels must be of one kind.`,
  );
}

const kindOf = (label: Label): Kind =>
  typeof label === 'string' ? 'word' : typeof label === 'number' ? 'number' : 'list';
