/** @file Reads text for pretraining, document by document, from files of any size. */
import { readChunks } from '#files';
import { decodeUtf8 } from '../../platform/bytes/decode-utf8.js';
import { gunzip } from '../../platform/bytes/gunzip.js';
import { utf8Of } from '../../platform/bytes/text-encoding.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { type CorpusFile, type CorpusFormat, findCorpusFiles } from './corpus-files.js';
import type { CorpusNote } from './corpus-warnings.js';
import { cutText, DocumentCutter, type DocumentUnit } from './cut-documents.js';
import { readJsonlTexts } from './jsonl-texts.js';
import { readParquetTexts } from './parquet-texts.js';

/** A document of a corpus. */
export interface CorpusDocument {
  readonly text: string;
  /** The file it comes from. */
  readonly path: string;
}

/** Options of `readCorpus`. */
export interface CorpusOptions {
  /** Default: by the ending of each file's name, .jsonl, .ndjson or .parquet; all others are plain text. */
  readonly format?: CorpusFormat | undefined;
  /** Unit of a document in plain text. Default: paragraph, separated by blank lines. */
  readonly documents?: DocumentUnit | undefined;
  /** Field (JSON Lines) or column (Parquet) with the text. Default: text. */
  readonly textField?: string | undefined;
  /**
   * Maximum length of a document in UTF-16 units; longer ones are split. Default: 262,144. (Four times as much makes
   * tokenizing 1.4 times slower per character, and needs about 200 MB more.)
   */
  readonly maxDocumentLength?: number | undefined;
  /** Called with the warnings about a file after it was read. */
  readonly onNote?: ((note: CorpusNote) => void) | undefined;
  /** Called with the number of bytes read since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export const corpusOptionNames = namesOf<CorpusOptions>({
  format: true,
  documents: true,
  textField: true,
  maxDocumentLength: true,
  onNote: true,
  onBytes: true,
});

/** What the documents depend on, besides the files. */
export interface CorpusSettings {
  readonly documents: DocumentUnit;
  readonly textField: string;
  readonly maxDocumentLength: number;
}

/**
 * Reads a corpus, document by document.
 *
 * - Plain text: a document a paragraph, a line or a file. Paragraphs and lines come without the line ends around them, a
 *   file as it stands. CR LF is read as LF. White space alone is no document.
 * - JSON Lines and Parquet: a document a row; rows without text (empty or null) are skipped and counted.
 * - Files are UTF-8, or UTF-16 where they begin with its byte order mark. Bytes that are neither are read as U+FFFD and counted. NUL is a character like others, and counted.
 * - A document longer than `maxDocumentLength` comes as several, cut before white space where there is some. So a line of
 *   any length takes constant memory; but a line of JSON is held whole, and may have 268 million characters at most.
 * - Files without text are skipped with a note.
 *
 * @param sources files, folders (all that is in them) and patterns such as `corpus/*.txt`; .gz is unpacked
 * @returns documents in the order of the sources; the files of a folder or pattern sorted by name
 * @throws UserError where a source stands for no file, a file cannot be understood, or no text is found at all
 * @example
 * for await (const { text, path } of readCorpus(['books', 'news/*.jsonl'])) console.log(path, text.length);
 */
export async function* readCorpus(
  sources: string | readonly string[],
  options: CorpusOptions = {},
): AsyncGenerator<CorpusDocument> {
  checkOptionNames(options, corpusOptionNames, 'readCorpus');
  const settings = corpusSettings(options);
  const files = await findCorpusFiles(sources, options.format);
  let found = false;
  for (const file of files) {
    for await (const document of readFile(file, settings, options)) {
      found = true;
      yield document;
    }
  }
  if (found) return;
  const places = typeof sources === 'string' ? sources : sources.join(', ');
  throw new UserError(`${places}: no text in ${files.length} files; there must be some to read`);
}

/** The settings, with what is not said filled in. */
export function corpusSettings(options: CorpusOptions): CorpusSettings {
  const { documents = 'paragraph', textField = 'text', maxDocumentLength = 1 << 18 } = options;
  if (!Number.isInteger(maxDocumentLength) || maxDocumentLength < 100) {
    throw new UserError(`maxDocumentLength is ${maxDocumentLength}; a whole number from 100 was expected`);
  }
  return { documents, textField, maxDocumentLength };
}

/** Counts of irregularities in a file, in the order in which they are reported. */
type Tally = Record<Exclude<CorpusNote['problem'], 'no-text'>, number>;

async function* readFile(
  file: CorpusFile,
  settings: CorpusSettings,
  { onNote, onBytes }: CorpusOptions,
): AsyncGenerator<CorpusDocument> {
  const { path } = file;
  const tally: Tally = { 'invalid-utf8': 0, 'nul-characters': 0, 'empty-rows': 0, 'cut-documents': 0 };
  let found = false;
  for await (const text of readTexts(file, settings, tally, onBytes)) {
    found = true;
    tally['nul-characters'] += countNul(text);
    yield { text, path };
  }
  if (!found) onNote?.({ path, problem: 'no-text', count: 1 });
  for (const [problem, count] of Object.entries(tally) as [keyof Tally, number][]) {
    if (count > 0) onNote?.({ path, problem, count });
  }
}

async function* readTexts(
  { path, format, isPacked }: CorpusFile,
  { documents, textField, maxDocumentLength }: CorpusSettings,
  tally: Tally,
  onBytes: CorpusOptions['onBytes'],
): AsyncGenerator<string> {
  const decoded = () => {
    const bytes = counted(readChunks(path), onBytes);
    return decodeUtf8(utf8Of(isPacked ? gunzip(bytes, path) : bytes, path, 'byte'), (count) => {
      tally['invalid-utf8'] += count;
    });
  };
  if (format === 'text') {
    const cutter = new DocumentCutter(documents, maxDocumentLength);
    for await (const text of decoded()) yield* cutter.push(text);
    yield* cutter.end();
    tally['cut-documents'] = cutter.cuts;
    return;
  }
  const rows =
    format === 'jsonl' ? readJsonlTexts(decoded(), path, textField) : readParquetTexts(path, textField, onBytes);
  for await (const row of rows) {
    if (!/\S/.test(row)) tally['empty-rows']++;
    else {
      const pieces = cutText(row, maxDocumentLength);
      tally['cut-documents'] += pieces.length - 1;
      yield* pieces.filter((piece) => /\S/.test(piece));
    }
  }
}

async function* counted<Bytes extends Uint8Array>(
  chunks: AsyncIterable<Bytes>,
  onBytes: CorpusOptions['onBytes'],
): AsyncGenerator<Bytes> {
  for await (const chunk of chunks) {
    onBytes?.(chunk.length);
    yield chunk;
  }
}

function countNul(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\0'); at >= 0; at = text.indexOf('\0', at + 1)) count++;
  return count;
}
