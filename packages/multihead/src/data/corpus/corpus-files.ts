/** @file Finds the files of a corpus, and their formats. */
import { UserError } from '../../platform/errors.js';
import { endingOf, findSourceFiles } from '../streams/source-files.js';

/** The formats of a corpus. */
export type CorpusFormat = 'text' | 'jsonl' | 'parquet';

/** A file of a corpus. */
export interface CorpusFile {
  readonly path: string;
  readonly format: CorpusFormat;
  /** Whether the file is packed with gzip. */
  readonly isPacked: boolean;
}

/**
 * Finds the files of the given sources.
 *
 * @param sources files, folders (all that is in them) and patterns such as `corpus/*.txt`
 * @param format  what all files are. Default: by each name's ending, .jsonl, .ndjson or .parquet; else plain text; .gz
 *   behind it is unpacked
 * @returns each file once: sources in their order, and the files of each sorted by name
 * @throws UserError where a source stands for no file, and for no sources at all
 */
export async function findCorpusFiles(
  sources: string | readonly string[],
  format?: CorpusFormat,
): Promise<CorpusFile[]> {
  const list = typeof sources === 'string' ? [sources] : sources;
  if (list.length === 0) throw new UserError('a corpus was expected: files, folders or patterns such as corpus/*.txt');
  return (await findSourceFiles(list)).map((path) => describe(path, format));
}

function describe(path: string, format: CorpusFormat | undefined): CorpusFile {
  const { ending, isPacked } = endingOf(path);
  const file = { path, format: format ?? endings[ending] ?? 'text', isPacked };
  if (file.format !== 'parquet' || !isPacked) return file;
  throw new UserError(`${path}: a Parquet file is read at many places and cannot be packed. Unpack it first (gunzip).`);
}

const endings: Record<string, CorpusFormat> = { jsonl: 'jsonl', ndjson: 'jsonl', parquet: 'parquet' };
