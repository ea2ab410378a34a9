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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (text.trim() === '') throw new UserError(`${path}: empty; JSON was expected`, { cause });
    const error = findJsonError(text);
    if (!error) throw cause;
    const before = text.slice(0, error.offset).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    throw new UserError(`${path}:${line + before.length - 1}:${column}: not valid JSON: ${error.problem}`, { cause });
  }
  const deep = findDeepNesting(text);
  if (deep === undefined) return value;
  const before = text.slice(0, deep).split('\n');
  throw new UserError(
    `${path}:${line + before.length - 1}:${(before.at(-1) ?? '').length + 1}: more than ${deepest} arrays and objects, ` +
      'one in the other; no file that is meant here is so deep',
  );
}

/**
 * Parses JSON that holds data: integers that a number cannot hold, those beyond 2^53, come as bigints, digit for digit.
 *
 * @throws UserError as parseJson does
 * @example
 * parseJsonData('[1, 9007199254740993]', 'a.json')   // [1, 9007199254740993n]
 */
export function parseJsonData(text: string, path: string, line = 1): unknown {
  const value = parseJson(text, path, line);
  if (!sixteenDigits.test(text)) return value;
  // A mark that no string of the data has in it, neither as it is written nor as it is meant.
  const strings = JSON.stringify(value);
  let mark = '#';
  while (text.includes(mark) || strings.includes(mark)) mark += '#';
  const marked = text.replace(stringOrNumber, (token) => (isLongInteger(token) ? `"${mark}${token}"` : token));
  if (marked === text) return value;
  return JSON.parse(marked, (_, inner: unknown) =>
    typeof inner === 'string' && inner.startsWith(mark) ? BigInt(inner.slice(mark.length)) : inner,
  );
}

const sixteenDigits = /\d{16}/;
const stringOrNumber = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const isLongInteger = (token: string) => /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));

/** What walks through JSON calls itself a level, JSON.stringify too: much deeper, and the stack would overflow. */
const deepest = 500;

/** Where valid JSON first has more than {@link deepest} arrays and objects open; undefined where it never has. */
export function findDeepNesting(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: // a string: to its end, which is a quote that no odd number of backslashes stands before
        for (let escaped = true; escaped; ) {
          at = text.indexOf('"', at + 1);
          let first = at;
          while (text.charCodeAt(first - 1) === 0x5c) first--;
          escaped = (at - first) % 2 === 1;
        }
        break;
      case 0x5b:
      case 0x7b:
        if (++depth > deepest) return at;
        break;
      case 0x5d:
      case 0x7d:
        depth--;
    }
  }
  return undefined;
}
