/** @file The texts of a JSON Lines file, one after the other. */
import { UserError } from '../errors.js';
import { parseJson } from './json.js';
import { readTextPieces, type TextPiecesReport } from './text-pieces.js';

/**
 * Reads one text a line, keeping no more than a line in memory. Lines end at a line feed; blank lines are passed over.
 *
 * @param field  name of the field that holds the text
 * @param report is kept up to date on the way
 * @throws UserError `path:line: ...` for a line that is no JSON object or has no such text
 * @example
 * for await (const text of readJsonlTexts('corpus.jsonl', 'text')) count(text);
 */
export async function* readJsonlTexts(path: string, field: string, report?: TextPiecesReport): AsyncGenerator<string> {
  let line = 0;
  const parts: string[] = [];
  for await (const piece of readTextPieces(path, report)) {
    const [first = '', ...others] = piece.split('\n');
    parts.push(first);
    for (const next of others) {
      line++;
      yield* textOf(parts.join(''), field, path, line);
      parts.splice(0, parts.length, next);
    }
  }
  yield* textOf(parts.join(''), field, path, line + 1);
}

function textOf(source: string, field: string, path: string, line: number): string[] {
  if (source.trim() === '') return [];
  const value = parseJson(source, path, line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError(`${path}:${line}: each line must be a JSON object such as {"${field}": "..."}`);
  }
  const text = new Map<string, unknown>(Object.entries(value)).get(field);
  if (typeof text === 'string') return [text];
  const names = Object.keys(value).join(', ');
  throw new UserError(
    `${path}:${line}: no text in the field "${field}" (fields: ${names}). Name the right one with --text-field.`,
  );
}
