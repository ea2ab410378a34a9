/** @file Opens a table in any of its formats. */
import { UserError } from '../../platform/errors.js';
import { parseJsonData } from '../../platform/json/json.js';
import { openParquet } from '../parquet/open-parquet.js';
import { type OnBadRow, type RowPlaces, refuseRow } from '../streams/bad-rows.js';
import { standardInput } from '../streams/source-files.js';
import { type ConllColumns, ConllRows, conllColumns } from './conll.js';
import { CsvRows } from './csv.js';
import { decodeTable, wholeRows, wholeText } from './decode-table.js';
import { JsonlRows } from './jsonl.js';
import type { Row, Table } from './table.js';
import type { TableFile, TableFormat } from './table-files.js';
import { isQuoted, TsvRows } from './tsv.js';

/** How a table is read. */
export interface OpenTableOptions {
  /** Whether cells of a TSV may stand in quotes. Default: decided by what is in the file; see tsv.ts. */
  readonly quotes?: boolean | undefined;
  /** Which columns of a CoNLL file are read. */
  readonly conll?: ConllColumns | undefined;
  /** Called with each row that cannot be used, which is skipped. Without it, such a row is an error. */
  readonly onBadRow?: OnBadRow | undefined;
  /** Whether the file is read in pieces, so that it may be larger than memory. */
  readonly isStreamed?: boolean | undefined;
}

/**
 * Opens a table. Its rows may be read several times, unless they come from standard input.
 *
 * A file that is not streamed is held as one text while it is read; so what is decided by the whole of it (whether a TSV
 * has quotes, which names are columns) is decided by its first piece of some megabytes where it is streamed. JSON is always
 * held whole.
 *
 * @throws UserError for what is no Parquet file; the rows: naming the file, and the line where there is one: an empty file,
 *   a broken line, a row with more or fewer cells than the first
 * @example
 * const table = await openTable({ path: 'train.csv', format: 'csv', isPacked: false });
 * for await (const rows of table.rows()) console.log(rows[0]);   // { line: 1, cells: ['text', 'label'] }
 */
export async function openTable(file: TableFile, options: OpenTableOptions = {}): Promise<Table> {
  const { onBadRow, isStreamed = false } = options;
  const isInput = file.path === standardInput;
  if (isInput && isStreamed) throw new UserError('standard input comes once only; `streaming` needs a file');
  const text = isInput || file.format === 'json' ? await wholeText(file) : undefined;
  const format = file.format === 'json' && isJsonLines(text ?? '') ? 'jsonl' : (file.format ?? formatOf(text ?? ''));
  const unit = format === 'json' || format === 'parquet' ? 'row' : 'line';
  const places: RowPlaces = { path: isInput ? 'standard input' : file.path, unit, onBadRow };
  if (isInput && format === 'parquet')
    throw new UserError(`standard input: Parquet is read at many places; give a file`);
  if (format === 'parquet') return parquetTable(places);
  const whole = async () => text ?? (await wholeText(file));
  if (format === 'json') return jsonTable(places, await whole());
  const pieces = async function* () {
    if (!isStreamed) yield await whole();
    else
      yield* wholeRows(decodeTable(file), {
        quotes: await mayHaveQuotes(file, format, options.quotes),
        path: file.path,
      });
  };
  return textTable(places, () => filled(pieces(), places.path), format, options);
}

/** What a text without a name is. */
function formatOf(text: string): TableFormat {
  const [first = ''] = text.trimStart().split('\n', 1);
  if (first.startsWith('[')) return 'json';
  // One object a line, or one object for all: the first line tells, as it is whole or not.
  if (first.startsWith('{')) return isJson(first) ? 'jsonl' : 'json';
  return first.includes('\t') ? 'tsv' : 'csv';
}

/** Whether a text is JSON Lines, by whatever name: its first line is an object, and more follows. */
function isJsonLines(text: string): boolean {
  const [first = '', ...others] = text.trim().split('\n', 2);
  return others.length > 0 && first.startsWith('{') && isJson(first);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether line breaks may stand in quotes. */
async function mayHaveQuotes(file: TableFile, format: TableFormat, quotes?: boolean): Promise<boolean> {
  if (format !== 'tsv') return format === 'csv';
  if (quotes !== undefined) return quotes;
  for await (const piece of wholeRows(decodeTable(file), { quotes: true, path: file.path }))
    return isQuoted(piece, file.path);
  return false;
}

/** Refuses a file without text. */
async function* filled(pieces: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  let isFilled = false;
  for await (const piece of pieces) {
    isFilled ||= /\S/.test(piece);
    yield piece;
  }
  if (!isFilled) throw new UserError(`${path}: the file is empty`);
}

function textTable(
  places: RowPlaces,
  pieces: () => AsyncGenerator<string>,
  format: 'csv' | 'tsv' | 'jsonl' | 'conll',
  { quotes, conll }: OpenTableOptions,
): Table {
  const classNames = new Map<string, readonly string[]>();
  if (format === 'jsonl') {
    const columns: string[] = [];
    return {
      ...places,
      columns,
      classNames,
      async *rows() {
        const reader = new JsonlRows(places, columns); // read again, it knows all names from the first row on
        for await (const piece of pieces()) yield reader.read(piece);
      },
    };
  }
  if (format === 'conll') {
    return {
      ...places,
      columns: conllColumns,
      classNames,
      async *rows() {
        const reader = new ConllRows(places, conll);
        for await (const piece of pieces()) yield reader.read(piece);
        yield reader.end();
      },
    };
  }
  return {
    ...places,
    columns: undefined,
    classNames,
    async *rows() {
      const reader = format === 'csv' ? new CsvRows(places) : new TsvRows(places, quotes);
      const check = new WidthCheck(places, format);
      for await (const piece of pieces()) yield check.pass(reader.read(piece));
    },
  };
}

/** Leaves out blank lines, and rows with more or fewer cells than the first. */
class WidthCheck {
  private first: Row | undefined;
  private blank: Row[] = [];

  constructor(
    private readonly file: RowPlaces,
    private readonly format: 'csv' | 'tsv',
  ) {}

  pass(rows: readonly Row[]): Row[] {
    const passed: Row[] = [];
    for (const row of rows) {
      if (row.cells.length === 1 && row.cells[0] === '') {
        this.blank.push(row);
        continue;
      }
      this.first ??= row;
      // Blank lines hold no data; but in a file of one column, one between others is a text that is missing.
      if (this.blank.length > 0) {
        if (this.first.cells.length === 1 && this.first !== row) passed.push(...this.blank);
        this.blank = [];
      }
      if (row.cells.length === this.first.cells.length) passed.push(row);
      else this.refuse(row, this.first);
    }
    return passed;
  }

  private refuse(row: Row, first: Row): void {
    const advice =
      this.format === 'csv'
        ? 'A cell with a comma or a line break in it must stand in double quotes.'
        : 'A text must not hold tabs or line breaks; if the cells stand in double quotes, say so with the option quotes.';
    refuseRow(
      this.file,
      row.line,
      `${row.cells.length} cells, where line ${first.line} has ${first.cells.length}. ${advice}`,
    );
  }
}

/** A table of JSON: an array of objects, by itself or as `data`. */
function jsonTable(places: RowPlaces, text: string): Table {
  const { path } = places;
  const value = parseJsonData(text, path) as { data?: unknown } | unknown[] | null;
  const list = Array.isArray(value) ? value : value?.data;
  if (!Array.isArray(list)) {
    throw new UserError(`${path}: an array of objects was expected, or an object that holds one as "data"`);
  }
  if (list.length === 0) throw new UserError(`${path}: the array holds no objects`);
  const isObject = (item: unknown): item is object => typeof item === 'object' && item !== null && !Array.isArray(item);
  const columns = [...new Set(list.filter(isObject).flatMap((item) => Object.keys(item)))];
  return {
    ...places,
    columns,
    classNames: new Map(),
    document: value,
    async *rows() {
      yield list.flatMap((item: unknown, index) => {
        if (isObject(item)) {
          const fields = new Map<string, unknown>(Object.entries(item));
          return [{ line: index + 1, cells: columns.map((name) => fields.get(name)) }];
        }
        refuseRow(places, index + 1, 'an object such as {"text": "...", "label": ...} was expected');
        return [];
      });
    },
  };
}

async function parquetTable(places: RowPlaces): Promise<Table> {
  const { columns, classNames, groups } = await openParquet(places.path);
  return {
    ...places,
    columns,
    classNames,
    async *rows(wanted = columns) {
      let line = 0;
      for await (const group of groups(wanted)) {
        yield group.map((row) => ({ line: ++line, cells: columns.map((name) => row[name]) }));
      }
    },
  };
}
