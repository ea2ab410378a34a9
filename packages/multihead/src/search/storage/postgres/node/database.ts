/** @file A PostgreSQL database as the storage needs it: the same SQL for a server and for the embedded one. */

/** A row of an answer. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement. */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** A database. */
export interface Database {
  /** What it is, for messages; without a password. */
  readonly place: string;
  readonly query: Query;
  /** Runs statements that take effect together, or not at all. */
  transaction<Result>(action: (query: Query) => Promise<Result>): Promise<Result>;
  /** Whether an error says that the database is away for a while, and asking again may help. */
  isAway(error: unknown): boolean;
  close(): Promise<void>;
}
