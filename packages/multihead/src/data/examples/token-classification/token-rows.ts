/** @file Tables with a sentence a row: its tokens and its tags, in lists. */
import { UserError } from '../../../platform/errors.js';
import { parseJson } from '../../../platform/json/json.js';
import { showValue } from '../../../platform/show-value.js';
import type { TagNames } from '../../labels/tag-names.js';
import { type RowPlaces, refuseRow } from '../../streams/bad-rows.js';
import { findByName, listColumns, optionsOfRoles } from '../../tables/column-names.js';
import { conllColumns } from '../../tables/conll.js';
import type { Row, Table } from '../../tables/table.js';
import type { TokenClassificationExample, TokenClassificationFileOptions } from './token-examples.js';

interface Columns {
  readonly tokens: number;
  readonly tags: number | undefined;
  /** What the file calls the numbers of the tags, if it does. */
  readonly ownNames: readonly string[] | undefined;
}

/**
 * The sentences of a table, many at a time.
 *
 * @param tags gets the names of the tags
 * @throws UserError for a column that is missing; and for a row that is no sentence with tags, unless it is reported
 */
export async function* tokenRows(
  table: Table,
  options: TokenClassificationFileOptions,
  tags?: TagNames,
): AsyncGenerator<TokenClassificationExample[]> {
  let columns: Columns | undefined;
  let width = 0;
  const find = (header: readonly unknown[]) => {
    columns = columnsOf(table, header, options);
    if (columns.ownNames) tags?.addClasses(columns.ownNames);
  };
  if (table.columns?.length) {
    // Where the format itself names the columns before any row (Parquet), only those of use are read.
    find(table.columns);
    width = table.columns.length;
  }
  for await (const rows of table.rows(columns && wantedNames(table, columns))) {
    const { columns: names } = table;
    if (names && rows.length > 0 && (!columns || names.length > width)) {
      find(names); // of JSON Lines, later objects may have other names
      width = names.length;
    }
    const examples: TokenClassificationExample[] = [];
    for (const row of rows) {
      if (columns) {
        const example = readRow(table, row, columns, options);
        if (!example) continue;
        if (example.tags) tags?.add(example.tags);
        examples.push(example);
      } else find(row.cells); // the header
    }
    yield examples;
  }
}

function columnsOf(table: Table, header: readonly unknown[], options: TokenClassificationFileOptions): Columns {
  const { path } = table;
  const { columns: wanted = {}, requireTags = true } = options;
  // Which columns of a CoNLL file are meant has been seen to where it was opened.
  const found = findByName(header, header === conllColumns ? {} : wanted, path, ['tokens', 'tags']);
  const { tokens, tags } = found;
  const lacking = tokens === undefined ? 'tokens' : tags === undefined && requireTags ? 'tags' : undefined;
  if (tokens === undefined || lacking) {
    throw new UserError(
      `${path}: no column of the ${lacking} found. The columns are ${listColumns(header)}. ` +
        `Name one by ${optionsOfRoles[lacking ?? 'tokens']}`,
    );
  }
  const ownNames = tags === undefined ? undefined : table.classNames.get(String(header[tags]));
  return { tokens, tags, ownNames };
}

const wantedNames = ({ columns: names }: Table, { tokens, tags }: Columns): string[] | undefined =>
  names && [tokens, ...(tags === undefined ? [] : [tags])].map((index) => names[index] as string);

function readRow(
  file: RowPlaces,
  { line, cells }: Row,
  { tokens, tags, ownNames }: Columns,
  { requireTags = true, tagNames }: TokenClassificationFileOptions,
): TokenClassificationExample | undefined {
  try {
    const words = listOf(cells[tokens], 'tokens').map(wordOf);
    if (words.length === 0) throw new RowProblem('the list of tokens is empty');
    const cell = tags === undefined ? undefined : cells[tags];
    const isGiven = cell !== undefined && cell !== null && !(Array.isArray(cell) && cell.length === 0);
    if (!isGiven && !requireTags) return { tokens: words, line };
    const given = isGiven ? listOf(cell, 'tags').map((tag) => tagOf(tag, ownNames ?? tagNames)) : [];
    if (given.length === words.length) return { tokens: words, tags: given, line };
    throw new RowProblem(`${words.length} tokens but ${given.length} tags; each token needs one`);
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    refuseRow(file, line, error.message);
    return undefined;
  }
}

/** What is wrong with a row. */
class RowProblem extends Error {}

/** A list as JSON and Parquet have it; in CSV and TSV as JSON, or with spaces between. */
function listOf(cell: unknown, what: string): readonly unknown[] {
  if (Array.isArray(cell)) return cell;
  if (typeof cell !== 'string') throw new RowProblem(`the ${what} are ${brief(cell)}; a list was expected`);
  if (!cell.trimStart().startsWith('[')) return cell.split(' ').filter((part) => part !== '');
  try {
    const parsed: unknown = parseJson(cell, what);
    if (Array.isArray(parsed)) return parsed;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  throw new RowProblem(
    `the ${what} are ${brief(cell)}; a list in JSON was expected, such as ["EU", "rejects"], or words with spaces between`,
  );
}

function wordOf(word: unknown, i: number): string {
  if (typeof word === 'string' && word !== '') return word;
  throw new RowProblem(`token ${i} is ${brief(word)}; a word was expected`);
}

function tagOf(tag: unknown, names: readonly string[] | undefined): string {
  if (typeof tag === 'string' && tag.trim() !== '' && !/^\d+$/.test(tag)) return tag.trim();
  const number = typeof tag === 'number' || (typeof tag === 'string' && /^\d+$/.test(tag)) ? Number(tag) : Number.NaN;
  if (!Number.isInteger(number)) throw new RowProblem(`a tag is ${brief(tag)}; a name such as "B-PER" was expected`);
  if (!names) {
    throw new RowProblem(
      `the tags are numbers, and the file has no names for them. Give the names in their order: tagNames ['O', 'B-PER', ...]`,
    );
  }
  const name = names[number];
  if (name !== undefined) return name;
  throw new RowProblem(`a tag is ${number}, but there are ${names.length} names, for 0 to ${names.length - 1}`);
}

const brief = (value: unknown): string => {
  const text = showValue(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};
