/** @file Which files a table is made of, and what each of them is. */
import { isInside, joinPath } from '#files';
import { UserError } from '../errors.js';
import { endingOf, findSourceFiles, standardInput } from './source-files.js';

/** The formats of tables. */
export type TableFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet';

/** A file of a table. */
export interface TableFile {
  readonly path: string;
  /** Undefined for standard input of which nothing is said: what comes tells. */
  readonly format: TableFormat | undefined;
  /** Whether the file is packed with gzip. */
  readonly isPacked: boolean;
}

/** What a folder's files are wanted for. */
export type Split = 'train' | 'validation' | 'test';

const endings: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
};

/** Words in the names of files by which Hugging Face's `datasets` tells the parts of a data set. */
const splitWords: Readonly<Record<Split, RegExp>> = {
  train: /(?<![a-z0-9])(train|training)(?![a-z])/,
  validation: /(?<![a-z0-9])(validation|valid|dev|val)(?![a-z])/,
  test: /(?<![a-z0-9])(test|testing|eval|evaluation)(?![a-z])/,
};

/**
 * Finds the files that sources stand for.
 *
 * Of a folder, files of other endings are passed over. If some of its files have names as parts of a data set do
 * (train.csv, dev.csv, test-00000-of-00001.parquet), only those of the wanted part are taken: nobody trains on test.csv by
 * naming its folder. Where there is no validation part, the test part is taken for it, and the other way round.
 *
 * @param sources files, folders (all that is in them), patterns such as `data/*.csv`, and `-` for standard input
 * @param format  what all files are. Default: by each name's ending; .gz behind it is unpacked
 * @param split   which part of a folder is wanted
 * @returns at least one file: sources in their order, and the files of each sorted by name
 * @throws UserError where a source stands for no file, or a name does not say what the file is
 */
export async function findTableFiles(
  sources: string | readonly string[],
  { format, split = 'train' }: { readonly format?: TableFormat | undefined; readonly split?: Split | undefined } = {},
): Promise<TableFile[]> {
  const files: TableFile[] = [];
  for (const source of [sources].flat()) {
    const paths = await findSourceFiles([source]);
    files.push(
      ...(isFolder(source, paths) ? ofFolder(source, paths, split) : paths).map((path) => describe(path, format)),
    );
  }
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

const isFolder = (source: string, paths: readonly string[]): boolean =>
  paths.some((path) => path !== joinPath(source) && isInside(path, source));

/** Those of a folder's files that are tables, and belong to a part of the data set. */
function ofFolder(folder: string, paths: readonly string[], split: Split): readonly string[] {
  const tables = paths.filter((path) => Object.hasOwn(endings, endingOf(path).ending));
  if (tables.length === 0) throw new UserError(`${folder}: holds no file that ends in ${knownEndings()}`);
  const named = (part: Split) => tables.filter((path) => splitWords[part].test(nameOf(path)));
  const parts = (['train', 'validation', 'test'] as const).filter((part) => named(part).length > 0);
  if (parts.length === 0) return tables;
  const wanted = standIns[split].find((part) => parts.includes(part));
  if (wanted) return named(wanted);
  throw new UserError(
    `${folder}: by their names, its files are for ${parts.join(' and ')}; none is for ${split}. Name the files themselves.`,
  );
}

/** The part that is taken: itself, or what goes by another name. */
const standIns: Readonly<Record<Split, readonly Split[]>> = {
  train: ['train'],
  validation: ['validation', 'test'],
  test: ['test', 'validation'],
};

const nameOf = (path: string): string => path.toLowerCase().replace(/^.*[\\/]/, '');

function describe(path: string, format: TableFormat | undefined): TableFile {
  if (path === standardInput) return { path, format, isPacked: false };
  const { ending, isPacked } = endingOf(path);
  const known = format ?? (Object.hasOwn(endings, ending) ? endings[ending] : undefined);
  if (!known) {
    throw new UserError(`${path}: the name must end in ${knownEndings()}, or the option format must say what it is`);
  }
  if (known === 'parquet' && isPacked) {
    throw new UserError(
      `${path}: a Parquet file is read at many places and cannot be packed. Unpack it first (gunzip).`,
    );
  }
  return { path, format: known, isPacked };
}

const knownEndings = (): string =>
  Object.keys(endings)
    .map((name) => `.${name}`)
    .join(', ');
