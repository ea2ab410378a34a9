/** @file Reads a Parquet file in the thread that asks. On Node: `node.ts`. */
import { type ConnectParquet, parquetError } from './connection.js';
import { ParquetReader } from './parquet-reader.js';

/** A connection without a process. */
export const connectParquet: ConnectParquet = (path) => {
  let opening: Promise<ParquetReader> | undefined;
  const ask = async <Answer>(question: (reader: ParquetReader) => Answer | Promise<Answer>): Promise<Answer> => {
    try {
      opening ??= ParquetReader.open(path);
      return await question(await opening);
    } catch (cause) {
      throw parquetError(path, cause);
    }
  };
  return {
    about: () => ask((reader) => reader.about),
    group: (index, columns) => ask((reader) => reader.readGroup(index, columns)),
    close: async () => undefined,
  };
};
