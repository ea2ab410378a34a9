/** @file Parquet files, row group by row group. */

import { fileSize } from '#files';
import { connectParquet } from '#parquet';
import type { ParquetConnection } from './connection.js';

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
 * Opens a Parquet file. On Node it is read in a process of its own, which is ended where it takes unreasonable time or
 * memory: what a damaged file says of its sizes sends the library round and round. In browsers it is read as it is.
 *
 * @throws UserError for what is no Parquet file
 * @example
 * const file = await openParquet('train-00000-of-00001.parquet');
 * for await (const rows of file.groups(['text'])) console.log(rows.length, rows[0]?.text);
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  const size = await fileSize(path);
  const { groups, ...about } = await connected(path, size, (connection) => connection.about());
  return {
    ...about,
    async *groups(columns) {
      const connection = connectParquet(path, size);
      try {
        for (let index = 0; index < groups; index++) {
          const cells = await connection.group(index, columns);
          yield Array.from({ length: cells[0]?.length ?? 0 }, (_, row) =>
            Object.fromEntries(columns.map((name, column) => [name, cells[column]?.[row]])),
          );
        }
      } finally {
        await connection.close();
      }
    },
  };
}

async function connected<Result>(
  path: string,
  size: number,
  use: (connection: ParquetConnection) => Promise<Result>,
): Promise<Result> {
  const connection = connectParquet(path, size);
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
