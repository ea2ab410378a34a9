/**
 * @file Studies in PostgreSQL: trials are a table, and a queue for any number of workers on any machines. A worker says now and
 * then that it is alive; the trials of one that was silent for too long, or whose process is gone, wait for another. What a
 * worker writes of a trial that is no longer its own has no effect.
 */
import { randomUUID } from 'node:crypto';
import { UserError } from '../../../../platform/errors.js';
import { isAlive, machine, startOf } from '../../../../platform/files/node/machine.js';
import type { ParamValue } from '../../../space/distribution.js';
import { type Direction, isFinished, type TrialRecord } from '../../../trial-record.js';
import {
  checkDirections,
  heartbeatInterval,
  type StoredStudy,
  type StudyStorage,
  type TrialChange,
  TrialLost,
} from '../../storage.js';
import type { Database, Query, Row } from './database.js';
import { createTables } from './schema.js';
import { columnsOf, recordOf } from './trial-row.js';

/** In milliseconds: pauses between questions to a database that is away, which grow. */
const pauses = { shortest: 100, longest: 5000 };

/** Holds studies in a database. */
export class PostgresStorage implements StudyStorage {
  /** Names the process, by which workers of the same machine see that it is gone, and this storage in it. */
  private readonly worker = [machine, process.pid, startOf(process.pid), randomUUID()].join('/');

  /** @param goneAfter milliseconds of silence after which a worker counts as gone; so long a database may be away, too */
  constructor(
    private readonly database: Database,
    private readonly goneAfter: number,
  ) {}

  get place(): string {
    return this.database.place;
  }

  async open(name: string, directions: readonly Direction[]): Promise<StoredStudy> {
    const study = await this.patiently(() =>
      this.database.transaction(async (query) => {
        await createTables(query);
        await query('INSERT INTO multihead_studies (name, directions) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
          name,
          directions,
        ]);
        return (await query('SELECT id, directions FROM multihead_studies WHERE name = $1', [name]))[0] as Row;
      }),
    );
    const found = study.directions as readonly Direction[];
    checkDirections(this.place, name, found, directions);
    return this.stored(study.id as number, name, found);
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private stored(id: number, name: string, directions: readonly Direction[]): StoredStudy {
    const ask: Query = (sql, values = []) => this.patiently(() => this.database.query(sql, [id, ...values]));
    const known: TrialRecord[] = [];
    return {
      name,
      directions,
      heartbeatEvery: heartbeatInterval(this.goneAfter),
      attributes: async () =>
        (await ask('SELECT attributes FROM multihead_studies WHERE id = $1'))[0]?.attributes as Record<string, unknown>,
      setAttribute: async (key, value) => {
        const json = JSON.stringify({ [key]: value });
        await ask('UPDATE multihead_studies SET attributes = attributes || $2::jsonb WHERE id = $1', [json]);
      },
      trials: () => this.trials(known, ask),
      enqueue: async (params) => {
        await this.enqueue(id, params, { onlyFirst: false });
      },
      enqueueFirst: (params) => this.enqueue(id, params, { onlyFirst: true }),
      claim: (limit) => this.claim(id, limit),
      update: (trial, changes) => this.update(id, trial, changes),
      heartbeat: async (trials) => {
        await ask(
          "UPDATE multihead_trials SET heartbeat = now() WHERE study = $1 AND number = ANY($2) AND owner = $3 AND state = 'running'",
          [trials, this.worker],
        );
      },
      reclaim: () => this.reclaim(ask),
      othersRun: async () => {
        const others = await ask(
          "SELECT 1 FROM multihead_trials WHERE study = $1 AND state = 'running' AND owner <> $2 LIMIT 1",
          [this.worker],
        );
        return others.length > 0;
      },
    };
  }

  /**
   * All trials of a study. Those that have ended do not change, and are not read again: with all that they reported, they would be
   * most of what pruners read after each report.
   *
   * @param known the trials as they were last read, by their numbers, which have no gaps
   */
  private async trials(known: TrialRecord[], ask: Query): Promise<readonly TrialRecord[]> {
    const open = known.filter((trial) => !isFinished(trial)).map(({ number }) => number);
    const rows = await ask(
      'SELECT * FROM multihead_trials WHERE study = $1 AND (number >= $2 OR number = ANY($3)) ORDER BY number',
      [known.length, open],
    );
    for (const record of rows.map(recordOf)) {
      const last = known[record.number];
      if (!last || !isFinished(last)) known[record.number] = record; // a read that began later may have come first
    }
    return [...known];
  }

  /** Adds a trial after the others; with `onlyFirst`, if there are no others. Returns whether it did. */
  private async enqueue(
    study: number,
    params: Readonly<Record<string, ParamValue>>,
    { onlyFirst }: { readonly onlyFirst: boolean },
  ): Promise<boolean> {
    const rows = await this.patiently(() =>
      this.locked(study, (query) =>
        query(
          `INSERT INTO multihead_trials (study, number, state, system_attributes)
           SELECT $1, count(*), 'waiting', $2::jsonb FROM multihead_trials WHERE study = $1
           HAVING count(*) = 0 OR NOT $3 RETURNING number`,
          [study, JSON.stringify({ fixed_params: params }), onlyFirst],
        ),
      ),
    );
    return rows.length > 0;
  }

  /** With the study's row locked, so that numbers have no gaps and none comes twice. */
  private locked<Result>(study: number, action: (query: Query) => Promise<Result>): Promise<Result> {
    return this.database.transaction(async (query) => {
      await query('SELECT id FROM multihead_studies WHERE id = $1 FOR UPDATE', [study]);
      return action(query);
    });
  }

  private async claim(study: number, limit: number): Promise<TrialRecord | undefined> {
    const rows = await this.patiently(() =>
      this.locked(study, async (query) => {
        const waiting = await query(
          `UPDATE multihead_trials SET state = 'running', owner = $2, heartbeat = now(), started = now()
           WHERE study = $1 AND number =
             (SELECT min(number) FROM multihead_trials WHERE study = $1 AND state = 'waiting')
             AND (SELECT count(*) FROM multihead_trials WHERE study = $1 AND state <> 'waiting') < $3
           RETURNING *`,
          [study, this.worker, limit],
        );
        if (waiting.length > 0) return waiting;
        return query(
          `INSERT INTO multihead_trials (study, number, state, owner, heartbeat, started)
           SELECT $1, count(*), 'running', $2, now(), now() FROM multihead_trials WHERE study = $1
           HAVING count(*) < $3 RETURNING *`,
          [study, this.worker, limit],
        );
      }),
    );
    return rows[0] && recordOf(rows[0]);
  }

  private async update(study: number, trial: number, changes: readonly TrialChange[]): Promise<void> {
    const { params, distributions, reported, user, system, state, results } = columnsOf(changes);
    const json = [params, distributions, reported, user, system].map((column) => JSON.stringify(column, storable));
    const isEnd = state !== undefined && isFinished({ state });
    const rows = await this.patiently(() =>
      this.database.query(
        `UPDATE multihead_trials SET params = params || $4::jsonb, distributions = distributions || $5::jsonb,
           reported = reported || $6::jsonb, user_attributes = user_attributes || $7::jsonb,
           system_attributes = system_attributes || $8::jsonb, state = coalesce($9::text, state),
           results = coalesce($10::double precision[], results), heartbeat = now(),
           ended = CASE WHEN $11 THEN now() ELSE ended END
         WHERE study = $1 AND number = $2 AND owner = $3 AND (state = 'running' OR state = $9::text)
         RETURNING number`,
        [study, trial, this.worker, ...json, state ?? null, results ?? null, isEnd],
      ),
    );
    if (rows.length === 0) throw new TrialLost(trial);
  }

  private async reclaim(ask: Query): Promise<number[]> {
    const running = await ask("SELECT DISTINCT owner FROM multihead_trials WHERE study = $1 AND state = 'running'");
    const gone = running.map(({ owner }) => owner as string).filter(isGone);
    const rows = await ask(
      `UPDATE multihead_trials SET state = 'waiting', owner = NULL
       WHERE study = $1 AND state = 'running'
         AND (owner = ANY($2) OR 1000 * extract(epoch FROM now() - heartbeat) > $3)
       RETURNING number`,
      [gone, this.goneAfter],
    );
    return rows.map(({ number }) => number as number);
  }

  /** Asks again where the database is away, for as long as this worker would count as alive. */
  private async patiently<Result>(action: () => Promise<Result>): Promise<Result> {
    const until = Date.now() + this.goneAfter;
    for (let pause = pauses.shortest; ; pause = Math.min(2 * pause, pauses.longest)) {
      try {
        return await action();
      } catch (error) {
        if (!this.database.isAway(error) || Date.now() + pause > until) throw this.inWords(error);
        await new Promise((done) => setTimeout(done, pause));
      }
    }
  }

  private inWords(error: unknown): unknown {
    if (error instanceof UserError) return error;
    const { code, message } = error as { code?: unknown; message?: unknown };
    return typeof code === 'string' ? new UserError(`${this.place}: ${message} (${code})`, { cause: error }) : error;
  }
}

/** Whether a worker is a process of this machine that is no more. */
function isGone(worker: string): boolean {
  const [of, pid, start] = worker.split('/');
  if (of !== machine) return false;
  return !isAlive(Number(pid)) || (start !== '' && start !== startOf(Number(pid)));
}

/** Text that PostgreSQL can hold: neither NUL nor half a surrogate pair, such as an error message that was cut off has. */
const storable = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '\ufffd').replaceAll(loneSurrogates, '\ufffd') : value;

const loneSurrogates = /\p{Surrogate}/gu;
