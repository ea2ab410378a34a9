/** @file Which files a table is made of, and what each of them is. */
import { isInside, joinPath } from '#files';
import { UserError } from '../../platform/errors.js';
import { endingOf, findSourceFiles, standardInput } from '../streams/source-files.js';
import { foreignByEnding } from './foreign-files.js';

/** The formats of tables. */
export type TableFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'conll';

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
  conll: 'conll',
  bio: 'conll',
  iob: 'conll',
};

/** All formats. */
export const tableFormats: readonly TableFormat[] = [...new Set(Object.values(endings))];

/** What a folder or a pattern stands for. */
export interface FoundFiles {
  /** The folder or the pattern. */
  readonly source: string;
  /** The part of the data set that was taken; undefined where names say nothing of parts, so that all tables were. */
  readonly part: Split | undefined;
  readonly taken: readonly string[];
  /** The files that were left: those of other parts, and those that are no tables. */
  readonly left: readonly string[];
}

/** How files are found. */
export interface FindTableFilesOptions {
  /** What all files are. Default: by each name's ending; .gz behind it is unpacked. */
  readonly format?: TableFormat | undefined;
  /** Which part of a folder is wanted. Default: train. */
  readonly split?: Split | undefined;
  /** Is told what each folder and pattern stands for, as nobody has named these files. */
  readonly onFound?: ((found: FoundFiles) => void) | undefined;
}

/** Words in the names of files and folders by which Hugging Face's `datasets` tells the parts of a data set. */
const splitWords: Readonly<Record<Split, RegExp>> = {
  train: /(?<![a-z0-9])(train|training)(?![a-z])/,
  validation: /(?<![a-z0-9])(validation|valid|dev|val)(?![a-z])/,
  test: /(?<![a-z0-9])(test|testing|eval|evaluation)(?![a-z])/,
};
const splits: readonly Split[] = ['train', 'validation', 'test'];

/**
 * Finds the files that sources stand for.
 *
 * Of a folder, files of other endings are skipped. If some of its files have names as parts of a data set do
 * (train.csv, dev.csv, test-00000-of-00001.parquet), or lie in folders that have (train/0.csv, test/0.csv), only those of
 * the wanted part are taken: nobody trains on test.csv by naming its folder. Where there is no validation part, the test
 * part is taken for it, and the other way round.
 *
 * @param sources files, folders (all that is in them), patterns such as `data/*.csv`, and `-` for standard input
 * @returns at least one file: sources in their order, and the files of each sorted by name
 * @throws UserError where a source stands for no file, or a name does not say what the file is
 */
export async function findTableFiles(
  sources: string | readonly string[],
  { format, split = 'train', onFound }: FindTableFilesOptions = {},
): Promise<TableFile[]> {
  const files: TableFile[] = [];
  for (const source of [sources].flat()) {
    const paths = await findSourceFiles([source]);
    const isNamed = paths.length === 1 && paths[0] === joinPath(source);
    const part = isFolder(source, paths) ? partOfFolder(source, paths, split) : { part: undefined, taken: paths };
    if (!isNamed && source !== standardInput) {
      const taken = new Set(part.taken);
      onFound?.({ source, ...part, left: paths.filter((path) => !taken.has(path)) });
    }
    files.push(...part.taken.map((path) => describe(path, format)));
  }
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

const isFolder = (source: string, paths: readonly string[]): boolean =>
  paths.some((path) => path !== joinPath(source) && isInside(path, source));

/** Those of a folder's files that are tables, and belong to a part of the data set. */
function partOfFolder(folder: string, paths: readonly string[], split: Split): Pick<FoundFiles, 'part' | 'taken'> {
  const tables = paths.filter((path) => Object.hasOwn(endings, endingOf(path).ending));
  if (tables.length === 0) throw new UserError(`${folder}: holds no file that ends in ${knownEndings()}`);
  const below = joinPath(folder, '/').length;
  const parts = tables.map((path) => splitOf(joinPath(folder) === '.' ? path : path.slice(below)));
  const there = splits.filter((part) => parts.includes(part));
  if (there.length === 0) return { part: undefined, taken: tables };
  const wanted = standIns[split].find((part) => there.includes(part));
  if (wanted) return { part: wanted, taken: tables.filter((_, i) => parts[i] === wanted) };
  throw new UserError(
    `${folder}: by their names, its files are for ${there.join(' and ')}; none is for ${split}. Name the files themselves.`,
  );
}

/** The part of a data set to which a file belongs by its name, or else by the folder nearest to it whose name says so. */
function splitOf(path: string): Split | undefined {
  for (const name of path.toLowerCase().split(/[\\/]/).reverse()) {
    const part = splits.find((one) => splitWords[one].test(name));
    if (part) return part;
  }
  return undefined;
}

/** The part that is taken: itself, or what goes by another name. */
const standIns: Readonly<Record<Split, readonly Split[]>> = {
  train: ['train'],
  validation: ['validation', 'test'],
  test: ['test', 'validation'],
};

function describe(path: string, format: TableFormat | undefined): TableFile {
  if (path === standardInput) return { path, format, isPacked: false };
  const { ending, isPacked } = endingOf(path);
  const known = format ?? (Object.hasOwn(endings, ending) ? endings[ending] : undefined);
  if (!known) {
    const foreign = foreignByEnding(ending);
    throw new UserError(
      `${path}: ${foreign ?? `the name must end in ${knownEndings()}, or \`format\` must say what it is`}`,
    );
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
