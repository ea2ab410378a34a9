/**
 * @file Reads Parquet files in a separate process. The sizes in a damaged file can send the library into a loop without
 *   end, or let it fill all memory, and then V8 ends the process, not just a thread. In browsers: `web.ts`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { UserError } from '../../platform/errors.js';
import { ownModule } from '../../platform/node/own-module.js';
import type { ConnectParquet, ParquetConnection } from './connection.js';
import type { ParquetAbout } from './parquet-reader.js';

/** What the process is asked: about a file, or for a row group of it. */
export interface Question {
  /** Numbers the connections: with another one, the file is opened anew. */
  readonly connection: number;
  readonly path: string;
  readonly about: 'file' | { readonly group: number; readonly columns: readonly string[] };
}

/** What it answers. Of an error a message to another process keeps no class. */
export type Reply = { readonly answer: unknown } | { readonly problem: string };

/** What one answer may take. */
export interface ParquetLimits {
  /** Seconds that were counted one by one: a program that was halted has not waited. */
  readonly seconds: number;
  /** The heap, in MB; outside of it, where packed and unpacked bytes lie, as much again. */
  readonly megabytes: number;
}

/** Far beyond what sound files need: tens of MB are read a second, into some ten times their packed size. */
const usualLimits = (byteLength: number): ParquetLimits => ({
  seconds: 30 + byteLength / 1e6,
  megabytes: 2 ** Math.ceil(Math.log2(Math.max(512, (64 * byteLength) / 1e6))),
});

/** Connects by a process, which the next connection takes over. */
export const connectParquet: ConnectParquet = (path, byteLength) => new ParquetProcess(path, usualLimits(byteLength));

/** Processes that wait for their next file, by their memory. */
const idle = new Map<number, ChildProcess>();
let connections = 0;

/** A process that reads one file. */
export class ParquetProcess implements ParquetConnection {
  private readonly connection = connections++;
  private child: ChildProcess | undefined;

  constructor(
    private readonly path: string,
    private readonly limits: ParquetLimits,
  ) {}

  about(): Promise<ParquetAbout> {
    return this.ask('file') as Promise<ParquetAbout>;
  }

  group(index: number, columns: readonly string[]): Promise<unknown[][]> {
    return this.ask({ group: index, columns }) as Promise<unknown[][]>;
  }

  async close(): Promise<void> {
    const { child, limits } = this;
    if (child && !idle.has(limits.megabytes)) idle.set(limits.megabytes, child);
    else child?.kill('SIGKILL');
    this.child = undefined;
  }

  private ask(about: Question['about']): Promise<unknown> {
    const { connection, path, limits } = this;
    this.child ??= takeIdle(limits) ?? start(limits);
    const { child } = this;
    return new Promise((resolve, reject) => {
      let seconds = 0;
      const timer = setInterval(() => {
        if (++seconds >= limits.seconds) fail(`a part of it took more than ${Math.round(limits.seconds)} s. ${advice}`);
      }, 1000);
      const settle = () => {
        clearInterval(timer);
        child.off('message', hear).off('exit', hearExit).off('error', hearError);
        setWaiting(child, true);
      };
      const fail = (problem: string) => {
        settle();
        this.child = undefined;
        child.on('error', () => undefined); // a message that can no more be sent
        child.kill('SIGKILL');
        reject(new UserError(`${path}: cannot be read as Parquet: ${problem}`));
      };
      const hear = (reply: Reply) => {
        settle();
        if ('answer' in reply) resolve(reply.answer);
        else reject(new UserError(reply.problem));
      };
      const hearExit = (code: number | null, signal: string | null) =>
        fail(
          signal === 'SIGABRT' || code === exitCodeOfAbort
            ? `a part of it took more than ${limits.megabytes} MB. ${advice}`
            : `the process that reads it was ended from outside (${signal ?? code})`,
        );
      const hearError = (error: Error) => fail(error.message);
      child.on('message', hear).on('exit', hearExit).on('error', hearError);
      setWaiting(child, false);
      child.send({ connection, path, about } satisfies Question);
    });
  }
}

/** What V8 ends a process with where its memory is full. */
const exitCodeOfAbort = 134;

const advice =
  'It is damaged, or its row groups are far larger than others make them; write it anew, by pandas for instance: ' +
  'df.to_parquet(name, row_group_size=10000)';

function takeIdle({ megabytes }: ParquetLimits): ChildProcess | undefined {
  const child = idle.get(megabytes);
  idle.delete(megabytes);
  return child?.connected ? child : undefined;
}

/** MB that Node takes before there is a file. */
const ofNode = 100;

const start = ({ megabytes }: ParquetLimits): ChildProcess =>
  fork(ownModule('data/parquet/node/child.js'), [String(2 * megabytes + ofNode)], {
    execArgv: [`--max-old-space-size=${megabytes}`], // instead of the program's own flags
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // V8's last words are for nobody
  });

/** One that waits keeps no program from its end. */
function setWaiting(child: ChildProcess, isWaiting: boolean): void {
  if (isWaiting) child.unref();
  else child.ref();
  if (isWaiting) child.channel?.unref();
  else child.channel?.ref();
}
