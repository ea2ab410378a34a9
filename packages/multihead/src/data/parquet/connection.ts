/** @file A reader of a Parquet file: in a separate process on Node, in the page's thread in browsers. */
import { UserError } from '../../platform/errors.js';
import type { ParquetAbout } from './parquet-reader.js';

/** A Parquet file that is read elsewhere, one question after the other. */
export interface ParquetConnection {
  /** @throws UserError for what is no Parquet file */
  about(): Promise<ParquetAbout>;
  /**
   * The cells of a row group, column by column.
   *
   * @throws UserError for what is damaged
   */
  group(index: number, columns: readonly string[]): Promise<unknown[][]>;
  /** Ends it. */
  close(): Promise<void>;
}

/** Connects with a file of some size in bytes; each module behind `#parquet` exports one as `connectParquet`. */
export type ConnectParquet = (path: string, byteLength: number) => ParquetConnection;

/** What went wrong with a file, with its name. */
export const parquetError = (path: string, cause: unknown): UserError =>
  cause instanceof UserError
    ? cause
    : new UserError(`${path}: cannot be read as Parquet: ${(cause as Error).message}`, { cause });
