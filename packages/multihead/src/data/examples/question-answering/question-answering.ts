/**
 * @file Reads questions with contexts and answers: SQuAD's JSON, and tables with one question per row, as in the hub's
 *   data sets.
 */

import { checkOptionNames, namesOf } from '../../../platform/option-names.js';
import type { ColumnReference } from '../../tables/column-names.js';
import { openTable } from '../../tables/open-table.js';
import type { TableFileOptions } from '../../tables/table-file-options.js';
import { findTableFiles } from '../../tables/table-files.js';
import type { NamedQuestion } from './question-ids.js';
import { isSquad, questionRows } from './question-rows.js';
import { type SquadOptions, squadExamples, squadOptionNames } from './squad.js';
import { type Question, validatedExamples } from './validate-questions.js';

/** Columns of questions, by name or by index from 0. */
export interface QuestionColumnOptions {
  /** Default: question, query. */
  readonly question?: ColumnReference | undefined;
  /** Default: context, passage, paragraph, document. */
  readonly context?: ColumnReference | undefined;
  /** Default: answers, answer, answer_text. */
  readonly answers?: ColumnReference | undefined;
}

/** Options for reading questions. */
export interface QuestionAnsweringFileOptions extends TableFileOptions, SquadOptions {
  /** Columns without a common name: `{ context: 'passage' }`. */
  readonly columns?: QuestionColumnOptions | undefined;
}

const columnNames = namesOf<QuestionColumnOptions>({ question: true, context: true, answers: true });

export const questionFileOptionNames = [
  ...squadOptionNames,
  ...namesOf<Omit<QuestionAnsweringFileOptions, keyof SquadOptions>>({
    columns: true,
    format: true,
    quotes: true,
    split: true,
    onFound: true,
  }),
];

/** Refuses columns that questions do not have. */
export const checkQuestionColumns = ({ columns = {} }: QuestionAnsweringFileOptions, of: string): void =>
  checkOptionNames(columns, columnNames, `${of}, columns`);

/**
 * Reads questions from files of any supported format.
 *
 * - SQuAD's JSON, v1.1 and v2: see {@link readSquad}.
 * - Tables (JSON, JSON Lines, Parquet, CSV, TSV with a header), a question a row: question, context, answers, and, if they
 *   are there, id, title, is_impossible. The answers are `{"text": ["..."], "answer_start": [3]}` as on the hub, or
 *   `[{"text": "...", "answer_start": 3}]`, in CSV and TSV as JSON; or one text, with its place in a column answer_start.
 *   A row whose list of answers is empty has no answer (as in SQuAD v2); one where it is missing is not answered.
 *
 * @param sources files, folders, patterns such as `data/*.json`, or `-` for standard input; UTF-8, perhaps with .gz
 * @returns at least one example, in the order of the files; without an id, a question has its row's number for one, of
 *   several files with the file's name before it
 * @throws UserError naming the file and the place in it; see {@link readSquad}
 * @example
 * const examples = await readQuestionAnsweringExamples('validation-00000-of-00001.parquet');
 * examples[0]   // { id: '5733', question: 'Where?', context: 'In Paris.', answers: [{ text: 'Paris', start: 3 }] }
 */
export async function readQuestionAnsweringExamples(
  sources: string | readonly string[],
  options: QuestionAnsweringFileOptions = {},
): Promise<NamedQuestion[]> {
  checkOptionNames(options, questionFileOptionNames, 'readQuestionAnsweringExamples');
  checkQuestionColumns(options, 'readQuestionAnsweringExamples');
  const files = await findTableFiles(sources, options);
  const examples: NamedQuestion[][] = [];
  for (const file of files) {
    const table = await openTable(file, options);
    if (isSquad(table)) {
      examples.push(squadExamples(table.document, table.path, options));
      continue;
    }
    const questions: Question[][] = [];
    for await (const group of questionRows(table, { ...options, isOneOfMany: files.length > 1 })) questions.push(group);
    examples.push(validatedExamples(questions.flat(), table.path, options));
  }
  return examples.flat();
}
