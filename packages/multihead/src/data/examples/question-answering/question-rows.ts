/** @file Tables with a question a row, as the hub's data sets have them. */
import { UserError } from '../../../platform/errors.js';
import { parseJson } from '../../../platform/json/json.js';
import { elements, fail, field, filledString, type JsonNode, string } from '../../../platform/json/json-fields.js';
import { placeOf } from '../../streams/bad-rows.js';
import { findByName, listColumns, optionsOfRoles, type QuestionRole } from '../../tables/column-names.js';
import type { Table } from '../../tables/table.js';
import type { QuestionColumnOptions } from './question-answering.js';
import { readAnswer, readId, type SquadOptions } from './squad.js';
import type { Question } from './validate-questions.js';

const roles: readonly QuestionRole[] = ['question', 'context', 'answers', 'answerStart', 'id', 'title', 'isImpossible'];

type Columns = { readonly [role in QuestionRole]?: number };

/** How rows become questions. */
export interface QuestionRowOptions extends Pick<SquadOptions, 'requireAnswers' | 'onBadRow'> {
  readonly columns?: QuestionColumnOptions | undefined;
  /** Whether there are other files, so that a row's number alone is no name. Default: false. */
  readonly isOneOfMany?: boolean | undefined;
}

/** Whether a table is SQuAD's JSON: one document, whose rows are articles. */
export const isSquad = ({ document, columns }: Table): boolean =>
  document !== undefined && (columns?.includes('paragraphs') ?? false);

/**
 * The questions of a table, many at a time.
 *
 * @throws UserError for a column that is missing; and for a row that is no question, unless `onBadRow` reports it
 */
export async function* questionRows(table: Table, options: QuestionRowOptions): AsyncGenerator<Question[]> {
  const { requireAnswers = true, onBadRow, isOneOfMany = false } = options;
  let columns: Columns | undefined;
  let width = 0;
  if (table.columns?.length) {
    // Where the format itself names the columns before any row (Parquet), only those of use are read.
    columns = columnsOf(table, table.columns, options, requireAnswers);
    width = table.columns.length;
  }
  for await (const rows of table.rows(columns && namesOf(table, columns))) {
    const questions: Question[] = [];
    const { columns: names } = table;
    if (names && rows.length > 0 && (!columns || names.length > width)) {
      // of JSON Lines, later objects may have other names
      columns = columnsOf(table, names, options, requireAnswers);
      width = names.length;
    }
    for (const { line, cells } of rows) {
      if (!columns) {
        columns = columnsOf(table, cells, options, requireAnswers);
        continue; // the header
      }
      const where = `${table.path}: ${table.unit} ${line}`;
      try {
        questions.push(readRow(cells, columns, where, isOneOfMany ? `${table.path}:${line}` : `${line}`));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const problem = error.message.slice(where.length).replace(/^[.:] ?/, '');
        if (!onBadRow) throw new UserError(`${placeOf(table, line)}: ${problem}`, { cause: error });
        onBadRow({ path: table.path, [table.unit]: line, problem });
      }
    }
    yield questions;
  }
}

function columnsOf(
  { path }: Table,
  header: readonly unknown[],
  { columns: wanted = {} }: QuestionRowOptions,
  requireAnswers: boolean,
): Columns {
  const found = findByName(header, wanted, path, roles);
  const needed = ['question', 'context', ...(requireAnswers ? (['answers'] as const) : [])] as const;
  const lacking = needed.find((role) => found[role] === undefined);
  if (!lacking) return found;
  throw new UserError(
    `${path}: no column of the ${lacking} found. The columns are ${listColumns(header)}. Name one by ${optionsOfRoles[lacking]}`,
  );
}

const namesOf = ({ columns: names }: Table, columns: Columns): string[] | undefined =>
  names && Object.values(columns).map((index) => names[index] as string);

/** @param name what the question is called where it has no id */
function readRow(cells: readonly unknown[], columns: Columns, where: string, name: string): Question {
  const node = (role: QuestionRole, field: string): JsonNode => {
    const index = columns[role];
    return { where: `${where}.${field}`, value: (index === undefined ? undefined : cells[index]) ?? undefined };
  };
  const context = filledString(node('context', 'context'));
  const id = node('id', 'id');
  const title = node('title', 'title').value;
  const found = node('answers', 'answers');
  const isMarked = /^(true|1)$/i.test(String(node('isImpossible', 'is_impossible').value));
  const answers = isMarked ? [] : answersOf(found, node('answerStart', 'answer_start'));
  return {
    where,
    id: id.value === undefined ? name : readId(id),
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
