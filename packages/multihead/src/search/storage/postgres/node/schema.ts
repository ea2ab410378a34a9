/** @file The tables. */
import type { Query } from './database.js';

/** Of several workers that open a new database at the same moment, one makes the tables. */
const lock = 7_266_113;

const statements = [
  `CREATE TABLE IF NOT EXISTS multihead_studies (
    id serial PRIMARY KEY,
    name text UNIQUE NOT NULL,
    directions text[] NOT NULL,
    attributes jsonb NOT NULL DEFAULT '{}'
  )`,
  `CREATE TABLE IF NOT EXISTS multihead_trials (
    study integer NOT NULL REFERENCES multihead_studies ON DELETE CASCADE,
    number integer NOT NULL,
    state text NOT NULL,
    params jsonb NOT NULL DEFAULT '{}',
    distributions jsonb NOT NULL DEFAULT '{}',
    reported jsonb NOT NULL DEFAULT '{}',
    user_attributes jsonb NOT NULL DEFAULT '{}',
    system_attributes jsonb NOT NULL DEFAULT '{}',
    results double precision[],
    owner text,
    heartbeat timestamptz,
    started timestamptz,
    ended timestamptz,
    PRIMARY KEY (study, number)
  )`,
];

/** Makes the tables that are not there. */
export async function createTables(query: Query): Promise<void> {
  await query('SELECT pg_advisory_xact_lock($1)', [lock]);
  for (const statement of statements) await query(statement);
}
