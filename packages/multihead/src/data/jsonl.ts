/** @file JSON Lines: one object a line. */
import { UserError } from '../errors.js';
import { parseJson } from './json.js';
import { findJsonError } from './json-syntax.js';
import type { Table } from './table.js';

/**
 * Reads JSON Lines as a table; its columns are the names of all the objects, in the order in which they first come.
 *
 * Lines end at a line feed only: JSON strings may hold other separators, such as U+2028, as they are. Blank lines are
 * passed over.
 *
 * @param text the file's text
 * @param path the file's name, for errors
 * @throws UserError `path:line:column: ...` for what is not JSON, `path:line: ...` for what is not an object
 * @example
 * readJsonlTable('{"text": "good", "label": 1}\n', 'a.jsonl').columns   // ['text', 'label']
 */
export function readJsonlTable(text: string, path: string): Table {
  const objects = readObjects(text, path);
  const columns = [...new Set(objects.flatMap(({ fields }) => [...fields.keys()]))];
  const rows = objects.map(({ line, fields }) => ({ line, cells: columns.map((name) => fields.get(name)) }));
  return { path, columns, rows };
}

function readObjects(text: string, path: string) {
  try {
    return text.split('\n').flatMap((source, index) => {
      const line = index + 1;
      return source.trim() === '' ? [] : [{ line, fields: readObject(source, path, line) }];
    });
  } catch (error) {
    if (findJsonError(text)) throw error;
    throw new UserError(`${path}: the file is one JSON value; JSON Lines has one object a line`, { cause: error });
  }
}

function readObject(source: string, path: string, line: number): Map<string, unknown> {
  const value = parseJson(source, path, line);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw new UserError(`${path}:${line}: each line must be a JSON object such as {"text": "...", "label": ...}`);
}
