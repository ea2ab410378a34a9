/** @file Starts the process of a trial, and listens to its events. */
import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { withHugePages } from '../../../platform/node/huge-pages.js';
import type { TrainingEvent } from '../../../training/trainer/events.js';

/** What the process is to do: the task, and the options of `multihead train`. */
export interface TrialStart {
  readonly task: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** How the run ended, by the message of its process. */
export type TrialEnd =
  | { readonly type: 'done' }
  | {
      readonly type: 'failed';
      readonly message: string;
      /** Whether a metric was named that there is not, which no other trial has either. */
      readonly isUnknownMetric?: boolean;
    };

/** A line that the run prints: an event of training, or another. */
export type TrialEvent =
  | TrainingEvent
  | { readonly type: 'dry-run'; readonly settings: Readonly<Record<string, unknown>> };

/** A process that trains. */
export interface TrialProcess {
  /** Calls back for each event, one after the other; returns how the run ended. */
  run(
    onEvent: (event: TrialEvent) => Promise<void>,
  ): Promise<TrialEnd | { readonly type: 'ended by'; readonly signal: string }>;
  /** Asks it to save and end. */
  interrupt(): void;
  /** Ends it at once. */
  kill(): void;
}

const program = fileURLToPath(new URL('./trial-process.js', import.meta.url));

/** @param threads how many the run may have; undefined for all */
export function startTrial(start: TrialStart, threads: number | undefined): TrialProcess {
  const own = threads === undefined ? process.env : { ...process.env, OMP_NUM_THREADS: String(threads) };
  const env = withHugePages(own);
  const child = fork(program, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], env });
  child.send?.(start, () => undefined); // a process that does not receive it ends or has not started: the listener reports that
  return trialProcess(child);
}

/** A process that prints events as lines of JSON, and sends a message about its end. */
export function trialProcess(child: ChildProcess): TrialProcess {
  const closed = new Promise<{ code: number | null; signal: string | null }>((done, fail) => {
    child.on('close', (code, signal) => done({ code, signal }));
    child.on('error', fail);
  });
  closed.catch(() => undefined); // it may fail before the events have been read, and is awaited behind them
  return {
    run: (onEvent) => listen(child, closed, onEvent),
    interrupt: () => child.kill('SIGTERM'),
    kill: () => child.kill('SIGKILL'),
  };
}

async function listen(
  child: ChildProcess,
  closed: Promise<{ readonly code: number | null; readonly signal: string | null }>,
  onEvent: (event: TrialEvent) => Promise<void>,
): ReturnType<TrialProcess['run']> {
  let end: TrialEnd | undefined;
  let errors = '';
  child.on('message', (message: TrialEnd) => {
    end = message;
  });
  child.stderr?.on('data', (text) => {
    errors = `${errors}${text}`.slice(-2000);
  });
  if (child.stdout) {
    const lines = createInterface({ input: child.stdout });
    closed.catch(() => lines.close()); // a process that has not started closes no pipe
    for await (const line of lines) {
      const event = eventOf(line);
      if (event) await onEvent(event);
    }
  }
  const { code, signal } = await closed;
  if (signal !== null) return { type: 'ended by', signal };
  return end ?? { type: 'failed', message: `the run ended with code ${code}. ${errors.trim()}` };
}

/** The event in a line; undefined for other output, and for a line that is cut off because the process was killed. */
function eventOf(line: string): TrialEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as TrialEvent;
  } catch {
    return undefined;
  }
}
