/** @file Reads labelled texts from CSV, TSV, JSON, JSON Lines and Parquet. */

import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import { LabelKinds } from '../../labels/label-kinds.js';
import type { Label } from '../../labels/label-values.js';
import type { OnBadRow } from '../../streams/bad-rows.js';
import type { ColumnReference } from '../../tables/column-names.js';
import type { TableFileOptions } from '../../tables/table-file-options.js';
import { findTableFiles } from '../../tables/table-files.js';
import { ClassificationFile, type UnreadExample } from './classification-file.js';

/** A text, or a pair of texts, with its label. */
export interface ClassificationExample {
  readonly text: string;
  /** The second text of a pair, as in entailment or similarity. */
  readonly textPair?: string;
  /** A class (name or integer), a regression target (number), or the names of all classes that apply (list). */
  readonly label?: Label;
  /** The line of the file on which the example begins; of Parquet and JSON the row's number. Counted from 1; none of no file. */
  readonly line?: number;
}

/** Columns of examples, by name or by index from 0. */
export interface ClassificationColumnOptions {
  /** The text. Default: by its usual names (text, sentence, review ...), or by what is in the file. */
  readonly text?: ColumnReference | undefined;
  /** The second text. Default: by its usual names (text_pair, sentence2, text_b ...), if it is there. */
  readonly textPair?: ColumnReference | undefined;
  /** The label. Default: by its usual names (label, category, intent, sentiment ...). */
  readonly label?: ColumnReference | undefined;
}

/** Options for reading labelled texts. */
export interface ClassificationFileOptions extends TableFileOptions {
  /** Columns without a common name: `{ text: 'review' }`. */
  readonly columns?: ClassificationColumnOptions | undefined;
  /** Whether the first row of CSV and TSV is a header. Default: detected from its names and the rows below. */
  readonly header?: boolean | undefined;
  /**
   * What stands between the labels of a cell that holds several: with `'|'`, `late|damaged` are two labels, and an empty
   * cell is none of them. Default: a cell is one label; in JSON and Parquet, lists are recognized by their type.
   */
  readonly labelSeparator?: string | undefined;
  /** Whether every example must have a label: true (the default) for training and evaluation, false for prediction. */
  readonly requireLabels?: boolean | undefined;
  /** Called with each invalid row, which is skipped. Without it, an invalid row is an error. */
  readonly onBadRow?: OnBadRow | undefined;
}

const columnNames = namesOf<ClassificationColumnOptions>({ text: true, textPair: true, label: true });

export const classificationFileOptionNames = namesOf<ClassificationFileOptions>({
  columns: true,
  format: true,
  split: true,
  onFound: true,
  header: true,
  quotes: true,
  labelSeparator: true,
  requireLabels: true,
  onBadRow: true,
});

/** Refuses columns that examples do not have. */
export const checkColumns = ({ columns = {} }: ClassificationFileOptions, of: string): void =>
  checkOptionNames(columns, columnNames, `${of}, columns`);

/** The examples of files, and their class names. */
export interface ClassificationData {
  readonly examples: ClassificationExample[];
  /** The names of the classes in the order of their ids, where a file itself gives them (Parquet). */
  readonly classNames?: readonly string[];
}

/**
 * Reads labelled texts.
 *
 * - `.csv`: RFC 4180; `.tsv`: plain as in GLUE, or quoted (see tsv.ts); `.jsonl`, `.ndjson`: one object a line; `.json`: an
 *   array of objects, by itself or as `data`; `.parquet`. All but the last may be packed with gzip (`.csv.gz`).
 * - The first row of CSV and TSV is a header if one of its cells is a usual column name or one given in the options, or if
 *   what is below tells (labels are numbers, but for the first). Where it may be one or not, `header` must say.
 *   Without a header, of two columns the label is the one of numbers, or else the one with fewer different values.
 * - Labels that a Parquet file has as numbers of classes come by the classes' names, where the file has these.
 * - Texts are kept as they are. White space around labels is taken off, and blank lines are skipped; all else that
 *   cannot be read is an error, unless `onBadRow` reports it.
 *
 * @param sources files, folders, patterns such as `data/*.csv`, or `-` for standard input; UTF-8
 * @returns at least one example, in the order of the files
 * @throws UserError naming the file and the line (the row's number in Parquet and JSON): a column that is missing or
 *   ambiguous, a row with the wrong number of cells, invalid JSON, an empty text; where labels are required, an empty one
 *   (NaN, null) and those of different kinds, in all files together
 * @example
 * const examples = await readClassificationExamples('train.csv', { columns: { label: 'intent' } });
 * examples[0]   // { text: 'I am still waiting on my card?', label: 'card_arrival', line: 2 }
 */
export async function readClassificationExamples(
  sources: string | readonly string[],
  options: ClassificationFileOptions = {},
): Promise<ClassificationExample[]> {
  return (await readClassificationFiles(sources, options, 'readClassificationExamples')).examples;
}

/**
 * Reads labelled texts, with the class names that the files define.
 *
 * @example
 * const { examples, classNames } = await readClassificationData('train-00000-of-00001.parquet');
 * classNames   // ['negative', 'positive']
 */
export async function readClassificationData(
  sources: string | readonly string[],
  options: ClassificationFileOptions = {},
): Promise<ClassificationData> {
  return readClassificationFiles(sources, options, 'readClassificationData');
}

/** @param of the function whose options these are, for messages */
async function readClassificationFiles(
  sources: string | readonly string[],
  options: ClassificationFileOptions,
  of: string,
): Promise<ClassificationData> {
  checkOptionNames(options, classificationFileOptionNames, of);
  checkColumns(options, of);
  const looked: { readonly opened: ClassificationFile; readonly rows: readonly UnreadExample[] }[] = [];
  const kinds = new LabelKinds();
  for (const file of await findTableFiles(sources, options)) {
    const opened = await ClassificationFile.open(file, options, kinds);
    const rows: UnreadExample[] = [];
    for await (const group of opened.look()) for (const row of group) rows.push(row);
    looked.push({ opened, rows });
  }
  if (options.requireLabels ?? true) kinds.end();
  const examples = looked.flatMap(({ opened, rows }) => rows.map((row) => opened.example(row)));
  const classNames = looked.find(({ opened }) => opened.classNames)?.opened.classNames;
  return { examples, ...(classNames && { classNames }) };
}
