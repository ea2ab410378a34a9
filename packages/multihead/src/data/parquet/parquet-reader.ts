/** @file Reads Parquet files by the library hyparquet. `open-parquet.ts` has it done where damage cannot stop the program. */
import type { AsyncBuffer, Compressors, FileMetaData } from 'hyparquet';
import { fileSize, readRange } from '#files';

/** What a file's metadata say. */
export interface ParquetAbout {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** The names of classes, of columns that the library `datasets` wrote as ClassLabel: class 0 is the first. */
  readonly classNames: ReadonlyMap<string, readonly string[]>;
  readonly byteLength: number;
  /** The number of rows. */
  readonly length: number;
  /** The number of row groups. */
  readonly groups: number;
}

/** A Parquet file. */
export class ParquetReader {
  private constructor(
    readonly about: ParquetAbout,
    private readonly readRows: (index: number, columns: readonly string[]) => Promise<Record<string, unknown>[]>,
  ) {}

  /** @throws Error as the library says it, for what is no Parquet file */
  static async open(path: string): Promise<ParquetReader> {
    // Loaded when a Parquet file is: the compressors begin by compiling WebAssembly.
    const { parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
    const { compressors } = await import('hyparquet-compressors');
    const byteLength = await fileSize(path);
    const file: AsyncBuffer = {
      byteLength,
      slice: async (start, end = byteLength) => (await readRange(path, start, end)).buffer,
    };
    const metadata = await parquetMetadataAsync(file);
    const starts = [0];
    for (const { num_rows } of metadata.row_groups) starts.push((starts.at(-1) as number) + Number(num_rows));
    const about: ParquetAbout = {
      columns: topColumns(metadata),
      classNames: classNamesOf(metadata),
      byteLength,
      length: Number(metadata.num_rows),
      groups: metadata.row_groups.length,
    };
    return new ParquetReader(about, (index, columns) => {
      const [rowStart, rowEnd] = starts.slice(index, index + 2) as [number, number];
      const options = { file, metadata, columns: [...columns], rowStart, rowEnd };
      return parquetReadObjects({ ...options, compressors: { ...compressors, ...lz4OfNothing(compressors) } });
    });
  }

  /**
   * The cells of a row group, column by column.
   *
   * @throws Error as the library says it, for what is damaged
   */
  async readGroup(index: number, columns: readonly string[]): Promise<unknown[][]> {
    const rows = await this.readRows(index, columns);
    return columns.map((name) => rows.map((row) => plain(row[name])));
  }
}

/**
 * LZ4 that takes a page of nothing, which is what a column of nulls has for its dictionary: one byte 0 that stands for no
 * literals. hyparquet-compressors 1.1.2 then looks for a match behind it ("lz4 offset out of range 0").
 */
function lz4OfNothing({ LZ4, LZ4_RAW }: Compressors): Compressors {
  type Decompress = NonNullable<Compressors['LZ4']>;
  const orNothing =
    (decompress: Decompress): Decompress =>
    (input, length) =>
      length === 0 ? new Uint8Array() : decompress(input, length);
  return { ...(LZ4 && { LZ4: orNothing(LZ4) }), ...(LZ4_RAW && { LZ4_RAW: orNothing(LZ4_RAW) }) };
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
