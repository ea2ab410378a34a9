/**
 * @file How the command ends: with an exit code, or by the signal that ended it, as a shell and a cluster expect. Locks and
 * the terminal are put right before. A reader of our output that has had enough counts as the signal of that, SIGPIPE.
 */

/** Signals that end the command, with their numbers. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const;

/** A signal that ends the command. */
export type EndingSignal = keyof typeof numbers;

/** What is said of a signal. */
export const signalInWords: Readonly<Record<EndingSignal, string>> = {
  SIGINT: 'Ctrl-C',
  SIGTERM: 'SIGTERM',
  SIGHUP: 'SIGHUP, the terminal was closed',
  SIGPIPE: 'nobody reads standard output any more',
};

/** Those that come from outside. Node ignores SIGPIPE; a write that fails tells of it. */
const fromOutside = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

const cleanups = new Set<() => void>();
let interrupt: ((signal: EndingSignal) => void) | undefined;
let endsBy: EndingSignal | undefined;

/** A signal has come, or a write has told that nobody reads. */
function receive(signal: EndingSignal): void {
  if (interrupt) interrupt(signal);
  else endBySignal(signal);
}

/** Listens to signals only while something has to be done at them: without listeners they end the process at once. */
function listen(): void {
  const isNeeded = cleanups.size > 0 || interrupt !== undefined;
  for (const signal of fromOutside) {
    process.off(signal, receive);
    if (isNeeded) process.on(signal, receive);
  }
  process.off('exit', cleanUp);
  if (isNeeded) process.on('exit', cleanUp);
}

/** Does what is registered to be done before the end. */
export function cleanUp(): void {
  for (const cleanup of cleanups) cleanup();
  cleanups.clear();
}

/**
 * Registers what is to be done before the process ends, however it ends, SIGKILL apart.
 *
 * @returns takes it back
 */
export function beforeEnd(cleanup: () => void): () => void {
  cleanups.add(cleanup);
  listen();
  return () => {
    cleanups.delete(cleanup);
    listen();
  };
}

/**
 * Decides what a signal does. The handler ends the process by {@link endBySignal}, or says with {@link endLaterBy} that the
 * command will come to its end.
 *
 * @returns takes it back
 */
export function onSignal(handler: (signal: EndingSignal) => void): () => void {
  interrupt = handler;
  listen();
  return () => {
    interrupt = undefined;
    listen();
  };
}

/** Makes {@link end} end the process by a signal: the first one that it is called with. */
export function endLaterBy(signal: EndingSignal): void {
  endsBy ??= signal;
}

/** Whether a signal has interrupted the command. */
export const isInterrupted = (): boolean => endsBy !== undefined;

/**
 * Waits until what was written is out of this process: to end it would lose what a pipe, read slowly, has not taken yet. A
 * stream that nobody reads any more has nothing to wait for.
 */
export async function flushOutput(): Promise<void> {
  const flush = (stream: NodeJS.WriteStream) =>
    new Promise<void>((resolve) => {
      if (stream.writable) stream.write('', () => resolve());
      else resolve();
    });
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
}

/** Ends the process: by the signal that interrupted it, or with its exit code. */
export function end(): never {
  if (endsBy) endBySignal(endsBy);
  process.exit(process.exitCode ?? 0);
}

/**
 * Ends the process at once, by the signal itself; its parent sees that, and a shell gives 128 and the signal's number. No
 * thread is waited for: a call of native code that is under way ends with the process.
 */
export function endBySignal(signal: EndingSignal): never {
  cleanUp();
  process.on(signal, () => undefined); // taking a listener away restores what the system does, also where Node ignores it
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000); // another thread may be the one that it is delivered to
  process.exit(128 + numbers[signal]);
}

/**
 * Tells which signal a failed write to standard output or standard error stands for, if any: nobody reads the pipe, or the
 * terminal is closed.
 */
export function signalOfWrite(error: unknown, isTerminal: boolean): EndingSignal | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE') return 'SIGPIPE';
  return code === 'EIO' && isTerminal ? 'SIGHUP' : undefined;
}

/** Listens to failed writes of a standard stream; `fail` gets those that are no matter of who reads. */
export function heedReader(stream: NodeJS.WriteStream, fail: (error: unknown) => void): void {
  stream.on('error', (error) => {
    const signal = signalOfWrite(error, stream.isTTY);
    if (signal) receive(signal);
    else fail(error);
  });
}
