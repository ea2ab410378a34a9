/** @file The texts of JSON Lines, row by row, of files of any length. */
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { fieldText } from './field-text.js';

/** A line is held whole; this many UTF-16 units are half of the longest string that JavaScript has. */
const longestLine = 1 << 28;

/**
 * The texts of a JSON Lines file. Blank lines are skipped.
 *
 * @param texts the file's text, piece by piece, with LF at the ends of lines
 * @param path  the file's name, for errors
 * @param field the field that holds the text
 * @returns one a row; empty where the row has none (an empty string, or null)
 * @throws UserError naming the line, for what is no JSON object, lacks the field, or is longer than 268 million units
 * @example
 * const pieces = decodeUtf8(readChunks('a.jsonl'), () => {});
 * for await (const text of readJsonlTexts(pieces, 'a.jsonl', 'text')) console.log(text);
 */
export async function* readJsonlTexts(
  texts: AsyncIterable<string>,
  path: string,
  field: string,
): AsyncGenerator<string> {
  let line = 0;
  for await (const source of lines(texts, path)) {
    line++;
    if (source.trim() === '') continue;
    const row = parseJson(source, path, line);
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new UserError(`${path}:${line}: each line must be a JSON object such as {"${field}": "..."}`);
    }
    yield fieldText(new Map(Object.entries(row)), field, `${path}:${line}`);
  }
}

async function* lines(texts: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  let parts: string[] = []; // of the line that is not whole yet
  let length = 0;
  let count = 0;
  for await (const text of texts) {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      yield parts.join('') + text.slice(start, end);
      start = end + 1;
      parts = [];
      length = 0;
      count++;
    }
    parts.push(text.slice(start));
    length += text.length - start;
    if (length > longestLine) {
      throw new UserError(
        `${path}:${count + 1}: the line has more than ${longestLine} characters; one JSON object a line`,
      );
    }
  }
  if (length > 0) yield parts.join('');
}
