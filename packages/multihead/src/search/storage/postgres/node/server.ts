/** @file A PostgreSQL server, by the client `pg`. */
import { UserError } from '../../../../platform/errors.js';
import { withoutPassword } from '../../../../platform/without-password.js';
import type { Database, Query } from './database.js';

/** What the system and the server say while a database is away: stopped, starting, restarted, out of reach. */
const away =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT|57P0[123]|53300|08\d{3})$/;

/** @throws UserError where the package is not installed, or the URL is not valid */
export async function openServer(url: string): Promise<Database> {
  if (!URL.canParse(url)) {
    throw new UserError('the URL of the database is not a valid URL; expected postgres://user:password@host:5432/name');
  }
  const place = withoutPassword(url);
  const { default: pg } = await import('pg').catch((error: unknown) => {
    throw new UserError(`${place}: needs the package pg; run npm install pg`, { cause: error });
  });
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000, allowExitOnIdle: true });
  pool.on('error', () => undefined); // of an idle connection; who asks next hears of it
  const query: Query = async (sql, values = []) =>
    (await pool.query(sql, [...values])).rows as Record<string, unknown>[];
  return {
    place,
    query,
    async transaction(action) {
      const client = await pool.connect();
      let failure: Error | undefined;
      const onError = (error: Error) => {
        failure = error;
      };
      client.on('error', onError);
      try {
        await client.query('BEGIN');
        const result = await action(
          async (sql, values = []) => (await client.query(sql, [...values])).rows as Record<string, unknown>[],
        );
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((reason: Error) => {
          failure ??= reason;
        });
        throw error;
      } finally {
        client.off('error', onError);
        client.release(failure);
      }
    },
    isAway(error) {
      const { code = '', message = '' } = error as { code?: string; message?: string };
      return away.test(code) || /Connection terminated|timeout exceeded when trying to connect/.test(message);
    },
    close: () => pool.end(),
  };
}
