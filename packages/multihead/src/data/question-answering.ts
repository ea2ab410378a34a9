/** @file Questions with contexts and answers: SQuAD's JSON, and tables with a question a row, as the hub's data sets have them. */
import { UserError } from '../errors.js';
import { placeOf } from './bad-rows.js';
import { type ColumnReference, findByName, flags, listColumns, type QuestionRole } from './column-names.js';
import { parseJson } from './json.js';
import { elements, fail, field, filledString, type JsonNode, string } from './json-fields.js';
import { openTable } from './open-table.js';
import { type Question, settledExamples } from './settle-questions.js';
import { type QuestionAnsweringExample, readAnswer, readId, type SquadOptions, squadExamples } from './squad.js';
import type { Table } from './table.js';
import { findTableFiles, type Split, type TableFormat } from './table-files.js';

/** The columns of questions, each by name, or by number from 0. */
export interface QuestionColumnOptions {
  /** Default: question, query. */
  readonly question?: ColumnReference | undefined;
  /** Default: context, passage, paragraph, document. */
  readonly context?: ColumnReference | undefined;
  /** Default: answers, answer, answer_text. */
  readonly answers?: ColumnReference | undefined;
}

/** How files of questions are read. */
export interface QuestionAnsweringFileOptions extends SquadOptions {
  /** Where they are not to be found by their usual names: `{ context: 'passage' }`. */
  readonly columns?: QuestionColumnOptions | undefined;
  /** Default: by the ending of each file's name. */
  readonly format?: TableFormat | undefined;
  /** Which part of a folder is read, where its files have names such as train.json and test.json. Default: train. */
  readonly split?: Split | undefined;
}

/**
 * Reads questions from files in any format.
 *
 * - SQuAD's JSON, v1.1 and v2: see {@link readSquad}.
 * - Tables (JSON, JSON Lines, Parquet, CSV, TSV with a header), a question a row: question, context, answers, and, if they
 *   are there, id, title, is_impossible. The answers are `{"text": ["..."], "answer_start": [3]}` as on the hub, or
 *   `[{"text": "...", "answer_start": 3}]`, in CSV and TSV as JSON; or one text, with its place in a column answer_start.
 *   A row whose list of answers is empty has no answer (as in SQuAD v2); one where it is missing is not answered.
 *
 * @param sources files, folders, patterns such as `data/*.json`, or `-` for standard input; UTF-8, perhaps with .gz
 * @returns at least one example, in the order of the files; without an id, a question has its row's number for one
 * @throws UserError naming the file and the place in it; see {@link readSquad}
 * @example
 * const examples = await readQuestionAnsweringExamples('validation-00000-of-00001.parquet');
 * examples[0]   // { id: '5733', question: 'Where?', context: 'In Paris.', answers: [{ text: 'Paris', start: 3 }] }
 */
export async function readQuestionAnsweringExamples(
  sources: string | readonly string[],
  options: QuestionAnsweringFileOptions = {},
): Promise<QuestionAnsweringExample[]> {
  const files = await findTableFiles(sources, options);
  const examples: QuestionAnsweringExample[][] = [];
  for (const file of files) {
    const table = await openTable(file, options);
    const isSquad = table.document !== undefined && table.columns?.includes('paragraphs');
    examples.push(
      isSquad
        ? squadExamples(table.document, table.path, options)
        : settledExamples(await readQuestions(table, options), table.path, options),
    );
  }
  return examples.flat();
}

const roles: readonly QuestionRole[] = ['question', 'context', 'answers', 'answerStart', 'id', 'title', 'isImpossible'];

type Columns = { readonly [role in QuestionRole]?: number };

async function readQuestions(table: Table, options: QuestionAnsweringFileOptions): Promise<Question[]> {
  const { requireAnswers = true, onBadRow } = options;
  const questions: Question[] = [];
  let columns = table.columns?.length ? columnsOf(table, table.columns, options, requireAnswers) : undefined;
  for await (const rows of table.rows()) {
    for (const { line, cells } of rows) {
      if (!columns) {
        columns = columnsOf(table, table.columns ?? cells, options, requireAnswers);
        if (!table.columns) continue; // the header
      }
      const where = `${table.path}: ${table.unit} ${line}`;
      try {
        questions.push(readRow(cells, columns, where, line));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const problem = error.message.slice(where.length).replace(/^[.:] ?/, '');
        if (!onBadRow) throw new UserError(`${placeOf(table, line)}: ${problem}`, { cause: error });
        onBadRow({ path: table.path, [table.unit]: line, problem });
      }
    }
  }
  return questions;
}

function columnsOf(
  { path }: Table,
  header: readonly unknown[],
  { columns: wanted = {} }: QuestionAnsweringFileOptions,
  requireAnswers: boolean,
): Columns {
  const found = findByName(header, wanted, path, roles);
  const needed = ['question', 'context', ...(requireAnswers ? (['answers'] as const) : [])] as const;
  const lacking = needed.find((role) => found[role] === undefined);
  if (!lacking) return found;
  throw new UserError(
    `${path}: no column of the ${lacking} found. The columns are ${listColumns(header)}. Name one: ${flags[lacking]} NAME`,
  );
}

function readRow(cells: readonly unknown[], columns: Columns, where: string, line: number): Question {
  const node = (role: QuestionRole, name: string): JsonNode => {
    const index = columns[role];
    return { where: `${where}.${name}`, value: (index === undefined ? undefined : cells[index]) ?? undefined };
  };
  const context = filledString(node('context', 'context'));
  const id = node('id', 'id');
  const title = node('title', 'title').value;
  const found = node('answers', 'answers');
  const isMarked = /^(true|1)$/i.test(String(node('isImpossible', 'is_impossible').value));
  const answers = isMarked ? [] : answersOf(found, node('answerStart', 'answer_start'));
  return {
    where,
    id: id.value === undefined ? String(line) : readId(id),
    question: string(node('question', 'question')),
    context,
    title: typeof title === 'string' ? title : undefined,
    isImpossible: answers?.length === 0,
    answers: (answers ?? []).map((answer) => readAnswer(answer, context)),
  };
}

/** The answers as objects with text and answer_start; undefined where there are none to be found. */
function answersOf(node: JsonNode, start: JsonNode): JsonNode[] | undefined {
  const { where, value } = node;
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') {
    if (start.value !== undefined && start.value !== '') {
      return [{ where, value: { text: value, answer_start: Number(start.value) } }];
    }
    if (!/^\s*[[{]/.test(value))
      fail(node, 'JSON such as {"text": ["..."], "answer_start": [3]}, or a column answer_start,');
    return answersOf({ where, value: parseJson(value, where) }, start);
  }
  if (Array.isArray(value)) return elements(node);
  const [texts, starts] = [field(node, 'text'), field(node, 'answer_start')].map(({ where: at, value: given }) =>
    elements({ where: at, value: Array.isArray(given) ? given : given === undefined ? given : [given] }),
  ) as [JsonNode[], JsonNode[]];
  if (texts.length !== starts.length) fail(node, 'as many places (answer_start) as texts');
  return texts.map((text, i) => ({ where: text.where, value: { text: text.value, answer_start: starts[i]?.value } }));
}
