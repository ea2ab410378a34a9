/** @file Which columns of a table hold texts to compare and their score, and whether its first row is a header. */
import { UserError } from '../../../platform/errors.js';
import { type ColumnReference, columnNumber, listColumns } from '../../tables/column-names.js';
import { areNumbers, numbered } from '../../tables/column-positions.js';
import { isNameOf } from '../../tables/header-words.js';
import type { Row, Table } from '../../tables/table.js';
import type { SimilarityColumnOptions } from './similarity-examples.js';

/** The columns of examples, counted from 0. */
export interface SimilarityColumns {
  readonly texts: readonly number[];
  readonly label: number | undefined;
  /** The columns' names, for errors. */
  nameOf(column: number): string;
  /** Whether the first row is a header, and no example. */
  readonly hasHeaderRow: boolean;
}

/** Usual names of the first and the second text, the most telling ones first. */
const usualPairs: readonly (readonly [first: string, second: string])[] = [
  ['anchor', 'positive'],
  ['query', 'positive'],
  ['query', 'pos'],
  ['query', 'positive_passage'],
  ['question', 'positive'],
  ['sentence1', 'sentence2'],
  ['sentence_1', 'sentence_2'],
  ['sentence_a', 'sentence_b'],
  ['text1', 'text2'],
  ['text_1', 'text_2'],
  ['text_a', 'text_b'],
  ['question1', 'question2'],
  ['premise', 'hypothesis'],
  ['text', 'text_pair'],
  ['sent1', 'sent2'],
  ['first', 'second'],
  ...['query', 'question'].flatMap((query) =>
    ['answer', 'document', 'doc', 'passage', 'response', 'context', 'text'].map((other) => [query, other] as const),
  ),
  ['prompt', 'response'],
  ['title', 'abstract'],
  ['title', 'body'],
  ['title', 'text'],
  ['sentence', 'paraphrase'],
  ['句子1', '句子2'],
  ['文本1', '文本2'],
  ['问题1', '问题2'],
  ['前提', '假设'],
  ['问题', '答案'],
];

/** Usual names of negatives: negative, negative_1, neg2, hard_negative, negative_passage. */
const negative = /^(hard_?)?neg(ative)?s?(_passage)?_?\d*$/;

const usualLabels: readonly string[] = [
  ...['score', 'scores', 'similarity', 'similarity_score', 'relatedness', 'relatedness_score'],
  ...['relevance', 'relevance_score', 'relevant', 'is_relevant', 'is_selected'],
  ...['label', 'labels', 'gold_label', 'is_duplicate', 'is_paraphrase', 'target', 'class'],
  ...['相似度', '得分', '分数', '标签'],
];

const plain = (name: unknown): string =>
  String(name)
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

/**
 * Finds the columns.
 *
 * @param first  the first rows, or all of them
 * @param wanted the columns that the user named
 * @param header whether the first row is a header, if that is known
 * @throws UserError for columns that are missing or cannot be told apart, and for a header without examples
 */
export function similarityColumns(
  table: Table,
  first: readonly Row[],
  wanted: SimilarityColumnOptions,
  header: boolean | undefined,
): SimilarityColumns {
  const { path } = table;
  const cells = first[0]?.cells ?? [];
  const { length: count } = table.columns ?? cells;
  if (count === 1)
    throw new UserError(`${path}: has a single column; examples are of two texts or more, each in its own`);
  const hasHeaderRow = table.columns === undefined && (header ?? isHeader(first, wanted, path));
  const names = table.columns ?? (hasHeaderRow ? cells : undefined);
  const rows = hasHeaderRow ? first.slice(1) : first;
  if (hasHeaderRow && rows.length === 0) throw new UserError(`${path}: holds a header, but no examples`);
  const found = byName(names, wanted, cells, path) ?? byContent(rows, names, wanted, path);
  const nameOf = (column: number) => (names ? JSON.stringify(names[column]) : `column ${column}`);
  const used = found.label === undefined ? found.texts : [...found.texts, found.label];
  const twice = used.find((column, i) => used.indexOf(column) !== i);
  if (twice !== undefined)
    throw new UserError(`${path}: ${nameOf(twice)} is named for two texts, or as text and label`);
  return { ...found, nameOf, hasHeaderRow };
}

type Found = Pick<SimilarityColumns, 'texts' | 'label'>;

/** By the user's names or the usual ones; undefined if there are neither. */
function byName(
  names: readonly unknown[] | undefined,
  { texts, label }: SimilarityColumnOptions,
  cells: readonly unknown[],
  path: string,
): Found | undefined {
  const index = (reference: ColumnReference, option: string): number => {
    const column = (names ?? []).findIndex((name) => plain(name) === plain(reference));
    const found = column < 0 ? columnNumber(reference) : column;
    if (found !== undefined && found < (names ?? cells).length) return found;
    const there = names ? `The columns are ${listColumns(names)}` : `The first line is no header: ${numbered(cells)}`;
    throw new UserError(`${path}: no column ${JSON.stringify(reference)} (\`${option}\`). ${there}.`);
  };
  if (texts && texts.length < 2)
    throw new UserError(`${path}: \`texts\` names ${texts.length} column; give two or more`);
  const found = texts ? texts.map((name) => index(name, 'texts')) : names && usualTexts(names);
  if (!found) return undefined;
  if (label !== undefined) return { texts: found, label: label === 'none' ? undefined : index(label, 'label') };
  return { texts: found, label: names && usualLabel(names, found) };
}

function usualTexts(names: readonly unknown[]): number[] | undefined {
  const written = names.map(plain);
  const pair = usualPairs.find((each) => each.every((name) => written.includes(name)));
  if (!pair) return undefined;
  const negatives = [...written.keys()].filter((column) => negative.test(written[column] as string));
  return [...pair.map((name) => written.indexOf(name)), ...negatives];
}

function usualLabel(names: readonly unknown[], texts: readonly number[]): number | undefined {
  const written = names.map(plain);
  const found = usualLabels
    .map((name) => written.indexOf(name))
    .find((column) => column >= 0 && !texts.includes(column));
  return found;
}

/** By what is in the rows: one column of numbers is the label, all others are texts. */
function byContent(
  rows: readonly Row[],
  names: readonly unknown[] | undefined,
  { label }: SimilarityColumnOptions,
  path: string,
): Found {
  const columns = [...(rows[0]?.cells ?? []).keys()];
  const numeric = numericColumns(rows);
  const texts = columns.filter((column) => !numeric.includes(column));
  // Columns with names that are not known may be anything; without names there is nothing else to go by.
  if (texts.length >= 2 && numeric.length <= 1 && label === undefined && (!names || columns.length <= 3)) {
    return { texts, label: numeric[0] };
  }
  const there = names
    ? `The columns are ${listColumns(names)}`
    : `The first line has: ${numbered(rows[0]?.cells ?? [])}`;
  if (names?.includes('paragraphs')) {
    throw new UserError(
      `${path}: no pairs of texts, but questions about contexts, as SQuAD has them. ${there}. Those are for the task ` +
        'question-answering; write each question and its context as a row of two columns, question and context',
    );
  }
  throw new UserError(
    `${path}: found no pair of texts by its usual names, such as sentence1 and sentence2. ${there}. Name the columns: ` +
      `\`texts: ['NAME', 'NAME']\`${numeric.length > 1 || label !== undefined ? ", `label: 'NAME'`" : ''}`,
  );
}

function numericColumns(rows: readonly Row[]): number[] {
  const columns = [...(rows[0]?.cells ?? []).keys()];
  return columns.filter((column) => areNumbers(rows.map(({ cells }) => cells[column])));
}

/**
 * Whether the first row is a header: it holds a name that the user gave or a pair of usual ones, or no number where all others
 * have one.
 *
 * @throws UserError where all its cells read as names, but none is known
 */
function isHeader(rows: readonly Row[], { texts = [], label }: SimilarityColumnOptions, path: string): boolean {
  const [first, ...others] = rows;
  if (!first) return false;
  const wanted = [...texts, ...(label === undefined ? [] : [label])].filter((name) => columnNumber(name) === undefined);
  if (wanted.some((name) => first.cells.some((cell) => plain(cell) === plain(name)))) return true;
  if (usualTexts(first.cells)) return true;
  if (others.length === 0) return false;
  const numeric = numericColumns(others);
  if (numeric.length > 0) return numeric.some((column) => !areNumbers([first.cells[column]]));
  const areNames = first.cells.every((cell) => isNameOf('text', cell) || isNameOf('label', cell));
  if (!areNames) return false;
  throw new UserError(
    `${path}:${first.line}: this line looks like a header with names that are not known. If it is one, name the columns: ` +
      `\`texts: [${first.cells
        .slice(0, 2)
        .map((cell) => `'${cell}'`)
        .join(', ')}]\`. If it is an example, say \`header: false\``,
  );
}
