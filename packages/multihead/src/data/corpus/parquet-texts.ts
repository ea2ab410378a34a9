/** @file The texts of a Parquet file, row group by row group. */
import { UserError } from '../../platform/errors.js';
import { openParquet } from '../parquet/open-parquet.js';
import { advice, fieldText } from './field-text.js';

/**
 * The texts of a column. A row group's column is held at a time: with the settings of common writers, some megabytes.
 *
 * @param column the column that holds the texts
 * @param onBytes called with each row group's share of the file's bytes
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
  const { columns, byteLength, length, groups } = await openParquet(path);
  if (!columns.includes(column)) {
    throw new UserError(`${path}: no column "${column}" (columns: ${columns.join(', ')}). ${advice}`);
  }
  let row = 0;
  let told = 0;
  for await (const rows of groups([column])) {
    for (const { [column]: value } of rows)
      yield fieldText(new Map([[column, value]]), column, `${path}, row ${++row}`);
    const read = Math.round((byteLength * row) / length);
    onBytes?.(read - told);
    told = read;
  }
}
