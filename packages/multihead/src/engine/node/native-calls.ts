/**
 * @file Termination of the engine's worker, which must not happen while it runs native code.
 *
 * A worker that is terminated inside a call of onnxruntime-node takes the whole process with it: the call comes back to
 * JavaScript that no longer runs, the binding throws a C++ exception for that, and nobody catches it (SIGABRT). Node
 * terminates workers when a process exits, too. So both threads share two flags: the worker sets one around each native
 * call; the other thread sets the second, after which no call begins, and waits for the first to be cleared.
 *
 * Each side writes its own flag before it reads the other's, so that at least one of them sees the other.
 */
const running = 0;
const closed = 1;

/** The two flags, in memory that both threads see. */
export type NativeCallFlags = Int32Array<SharedArrayBuffer>;

/** Makes the flags: nothing runs, and calls may begin. */
export const nativeCallFlags = (): NativeCallFlags => new Int32Array(new SharedArrayBuffer(8));

/**
 * The worker's side: makes one native call, unless the other side has forbidden further ones. Calls come one after the
 * other.
 *
 * @throws Error when no call may begin any more
 */
export async function nativeCall<Result>(flags: NativeCallFlags, call: () => Promise<Result>): Promise<Result> {
  Atomics.store(flags, running, 1);
  try {
    if (Atomics.load(flags, closed)) throw new Error('the engine is closed');
    return await call();
  } finally {
    Atomics.store(flags, running, 0);
    Atomics.notify(flags, running);
  }
}

/** Forbids further native calls, from another thread. A call in progress continues. */
export function forbidNativeCalls(flags: NativeCallFlags): void {
  Atomics.store(flags, closed, 1);
}

/** Blocks this thread until the native call in progress has ended. */
export function waitForNativeCall(flags: NativeCallFlags): void {
  while (Atomics.load(flags, running)) Atomics.wait(flags, running, 1);
}

/** A flag in memory that all engines of a process see: 1 while one of them has the turn. */
export type Turn = Int32Array<SharedArrayBuffer>;

/** A turn that nobody has. */
export const newTurn = (): Turn => new Int32Array(new SharedArrayBuffer(4));

/** Makes a call when no other engine has the turn; blocks this thread until then. */
export async function inTurn<Result>(turn: Turn, call: () => Promise<Result>): Promise<Result> {
  while (Atomics.compareExchange(turn, 0, 0, 1) !== 0) Atomics.wait(turn, 0, 1);
  try {
    return await call();
  } finally {
    Atomics.store(turn, 0, 0);
    Atomics.notify(turn, 0, 1);
  }
}
