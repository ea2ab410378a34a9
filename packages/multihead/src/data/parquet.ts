/** @file Parquet files, row group by row group. */
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { fileSize, readRange } from '#files';
import { UserError } from '../errors.js';

/** A Parquet file of which only the metadata have been read. */
export interface ParquetFile {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** The names of classes, of columns that the library `datasets` wrote as ClassLabel: class 0 is the first. */
  readonly classNames: ReadonlyMap<string, readonly string[]>;
  readonly byteLength: number;
  /** The number of rows. */
  readonly length: number;
  /**
   * The rows, a group at a time: with the settings of common writers some megabytes a column. Whole numbers are numbers
   * as far as these are exact, else bigints.
   *
   * @param columns those that are read
   */
  groups(columns: readonly string[]): AsyncGenerator<Record<string, unknown>[]>;
}

/**
 * Opens a Parquet file.
 *
 * @throws UserError for what is no Parquet file
 * @example
 * const file = await openParquet('train-00000-of-00001.parquet');
 * for await (const rows of file.groups(['text'])) console.log(rows.length, rows[0]?.text);
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  // Loaded when a Parquet file is: the compressors begin by compiling WebAssembly.
  const { parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const byteLength = await fileSize(path);
  const file: AsyncBuffer = {
    byteLength,
    slice: async (start, end = byteLength) => (await readRange(path, start, end)).buffer,
  };
  const metadata = await explained(path, parquetMetadataAsync(file));
  return {
    columns: topColumns(metadata),
    classNames: classNamesOf(metadata),
    byteLength,
    length: Number(metadata.num_rows),
    async *groups(columns) {
      let rowStart = 0;
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows);
        const reading = parquetReadObjects({ file, metadata, columns: [...columns], rowStart, rowEnd, compressors });
        yield (await explained(path, reading)).map((row) => plain(row) as Record<string, unknown>);
        rowStart = rowEnd;
      }
    },
  };
}

/** The columns beside each other: of nested ones the outer. */
function topColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let inside = 0; // elements of the schema that stand below a column
  for (const { name, num_children = 0 } of schema.slice(1)) {
    if (inside === 0) names.push(name);
    else inside--;
    inside += num_children;
  }
  return names;
}

/** What `datasets` notes of the columns: `{"info": {"features": {"label": {"names": [...], "_type": "ClassLabel"}}}}`. */
function classNamesOf({ key_value_metadata: notes = [] }: FileMetaData): Map<string, readonly string[]> {
  const note = notes.find(({ key }) => key === 'huggingface')?.value;
  const found = new Map<string, readonly string[]>();
  if (note === undefined) return found;
  let features: unknown;
  try {
    features = JSON.parse(note)?.info?.features;
  } catch {
    return found; // a note in another form is none for us
  }
  for (const [column, feature] of Object.entries(features ?? {})) {
    // Lists of labels: {"feature": {...}, "_type": "List"}, in earlier versions [{...}].
    const inner = Array.isArray(feature) ? feature[0] : (feature?.feature ?? feature);
    const isClass = inner?._type === 'ClassLabel' && Array.isArray(inner.names);
    if (isClass && inner.names.every((name: unknown) => typeof name === 'string')) found.set(column, inner.names);
  }
  return found;
}

/** A value with numbers in place of bigints, and plain lists in place of typed ones. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    return Array.from(value as unknown as Iterable<unknown>, plain);
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

/** What the library says, with the file's name. */
const explained = <Result>(path: string, result: Promise<Result>): Promise<Result> =>
  result.catch((cause: unknown) => {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${path}: cannot be read as Parquet: ${(cause as Error).message}`, { cause });
  });
