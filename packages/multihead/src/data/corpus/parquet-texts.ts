/** @file The texts of a Parquet file, row group by row group. */

import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { fileSize, readRange } from '#files';
import { UserError } from '../../errors.js';
import { advice, fieldText } from './field-text.js';

/**
 * The texts of a column. A row group's column is held at a time: with the settings of common writers, some megabytes.
 *
 * @param column the column that holds the texts
 * @param onBytes is told each row group's share of the file's bytes
 * @returns one a row; empty where the row has none (an empty string, or null)
 * @throws UserError for what is no Parquet file, and where the column is missing or holds no text
 * @example
 * for await (const text of readParquetTexts('train-00000-of-00001.parquet', 'text')) console.log(text);
 */
export async function* readParquetTexts(
  path: string,
  column: string,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<string> {
  // Loaded when a Parquet file is: the compressors begin by compiling WebAssembly.
  const { parquetMetadataAsync, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const byteLength = await fileSize(path);
  const file: AsyncBuffer = {
    byteLength,
    slice: async (start, end = byteLength) => (await readRange(path, start, end)).buffer,
  };
  const metadata = await explained(path, parquetMetadataAsync(file));
  checkColumn(metadata, column, path);
  let rowStart = 0;
  let told = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const reading = parquetReadObjects({ file, metadata, columns: [column], rowStart, rowEnd, compressors });
    for (const [index, row] of (await explained(path, reading)).entries()) {
      yield fieldText(new Map([[column, row[column]]]), column, `${path}, row ${rowStart + index + 1}`);
    }
    rowStart = rowEnd;
    const read = Math.round((byteLength * rowEnd) / Number(metadata.num_rows));
    onBytes?.(read - told);
    told = read;
  }
}

function checkColumn({ schema }: FileMetaData, column: string, path: string): void {
  const columns = schema.slice(1).map(({ name }) => name); // the first is the root
  if (columns.includes(column)) return;
  throw new UserError(`${path}: no column "${column}" (columns: ${columns.join(', ')}). ${advice}`);
}

/** What the library says, with the file's name. */
const explained = <Result>(path: string, result: Promise<Result>): Promise<Result> =>
  result.catch((cause: unknown) => {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${path}: cannot be read as Parquet: ${(cause as Error).message}`, { cause });
  });
