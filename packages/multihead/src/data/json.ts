/** @file JSON files, with errors that name the file, the line and the column. */
import { readText } from '#files';
import { UserError } from '../errors.js';
import { findJsonError } from './json-syntax.js';

/**
 * Reads a JSON file.
 *
 * @param path UTF-8 file, with or without a byte order mark
 * @returns the value; its structure is for the caller to check
 * @throws UserError `path:line:column: what is wrong`, for a missing file, one that is not UTF-8 or not JSON
 * @example
 * const config = await readJson('model/config.json');
 */
export async function readJson(path: string): Promise<unknown> {
  return parseJson(await readText(path), path);
}

/**
 * Parses JSON that came from a file.
 *
 * @param text the JSON
 * @param path the file's name, for the error
 * @param line the line of the file on which the text begins, counted from 1
 * @throws UserError `path:line:column: what is wrong`; columns count UTF-16 units from 1, as editors do
 * @example
 * parseJson('{"a": 1,}', 'a.json')   // a.json:1:9: expected a name in double quotes, found "}"
 */
export function parseJson(text: string, path: string, line = 1): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (text.trim() === '') throw new UserError(`${path}: empty; JSON was expected`, { cause });
    const error = findJsonError(text);
    if (!error) throw cause;
    const before = text.slice(0, error.offset).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    throw new UserError(`${path}:${line + before.length - 1}:${column}: not valid JSON: ${error.problem}`, { cause });
  }
}
