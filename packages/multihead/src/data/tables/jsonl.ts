/** @file JSON Lines: one object a line. */
import { UserError } from '../../platform/errors.js';
import { parseJsonData } from '../../platform/json/json.js';
import { findJsonError } from '../../platform/json/json-syntax.js';
import { type RowPlaces, refuseRow } from '../streams/bad-rows.js';
import type { Row } from './table.js';

/**
 * Reads JSON Lines as a table; its columns are the names of all the objects, in the order in which they first come.
 *
 * Lines end at a line feed only: JSON strings may hold other separators, such as U+2028, as they are. Blank lines are
 * skipped.
 *
 * @example
 * const lines = new JsonlRows({ path: 'a.jsonl', unit: 'line' });
 * lines.read('{"text": "good", "label": 1}\n');   // [{ line: 1, cells: ['good', 1] }]
 * lines.columns                                   // ['text', 'label']
 */
export class JsonlRows {
  /** The names so far. */
  readonly columns: string[];
  private readonly known: Set<string>;
  private line = 1;

  /**
   * @param file    its name, for errors, and what becomes of bad rows
   * @param columns names that are known; those that come are put behind them
   */
  constructor(
    private readonly file: RowPlaces,
    columns: string[] = [],
  ) {
    this.columns = columns;
    this.known = new Set(columns);
  }

  /**
   * Reads the next part of the file.
   *
   * @param text whole lines
   * @throws UserError `path:line:column: ...` for what is not JSON, `path:line: ...` for what is not an object
   */
  read(text: string): Row[] {
    const objects = this.objects(text);
    return objects.map(({ line, fields }) => ({ line, cells: this.columns.map((name) => fields.get(name)) }));
  }

  private objects(text: string): { line: number; fields: ReadonlyMap<string, unknown> }[] {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const first = this.line;
    this.line += lines.length;
    try {
      return lines.flatMap((source, index) => {
        const fields = source.trim() === '' ? undefined : this.object(source, first + index);
        return fields ? [{ line: first + index, fields }] : [];
      });
    } catch (error) {
      if (findJsonError(text)) throw error;
      throw new UserError(`${this.file.path}: the file is one JSON value; JSON Lines has one object a line`, {
        cause: error,
      });
    }
  }

  private object(source: string, line: number): ReadonlyMap<string, unknown> | undefined {
    const { path, onBadRow } = this.file;
    let value: unknown;
    try {
      value = parseJsonData(source, path, line);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!onBadRow) throw /expected the end, found ","$/.test(error.message) ? withoutCommas(error) : error;
      refuseRow(this.file, line, error.message.replace(`${path}:${line}:`, 'column '));
      return undefined;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuseRow(this.file, line, 'each line must be a JSON object such as {"text": "...", "label": ...}');
      return undefined;
    }
    const fields = new Map(Object.entries(value));
    for (const name of fields.keys()) {
      if (this.known.has(name)) continue;
      this.known.add(name);
      this.columns.push(name);
    }
    return fields;
  }
}

const withoutCommas = (error: UserError): UserError =>
  new UserError(
    `${error.message}. In JSON Lines no comma stands between objects; a list of objects, [{...}, {...}], is JSON.`,
    {
      cause: error,
    },
  );
