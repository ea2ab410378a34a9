/**
 * @file A typed proxy for an object in a worker: both sides, for any object with asynchronous methods and any kind of
 *   worker.
 *
 * Arguments and results are copied from thread to thread. Buffers named by the caller, and those of results, are
 * transferred instead.
 */
import { UserError } from '../platform/errors.js';

/** The methods of an object that can be called from another thread: those that return promises. */
export type Remote<Target> = {
  [Name in keyof Target as Target[Name] extends (...args: never[]) => Promise<unknown> ? Name : never]: Target[Name];
};

/** Buffers that a call transfers to the worker, by method; they are detached in the calling thread. */
export type Moves<Target> = {
  readonly [Name in keyof Target]?: Target[Name] extends (...args: infer Args) => unknown
    ? (...args: Args) => ArrayBuffer[]
    : never;
};

/** A method called from the other thread. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The result of a call. */
export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: ThrownError | undefined;
}

/** What is known on the other side of an error that was thrown. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly isUserError: boolean;
  /** Its own properties that are numbers, texts or booleans. */
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Options of `RemoteCalls`. */
export interface RemoteOptions<Target> {
  /** Sends a message to the worker. */
  post(call: Call, transfer: ArrayBuffer[]): void;
  /** Says when the worker begins to be waited for (true), and when nobody waits for it any more (false). */
  busy(isBusy: boolean): void;
  readonly moves?: Moves<Target>;
  /** Makes errors of an own class; undefined for those of other classes. */
  revive?(error: ThrownError): Error | undefined;
}

/** The caller's side, which tracks pending calls. */
export class RemoteCalls<Target> {
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 0;
  private refusal: string | undefined;

  constructor(private readonly options: RemoteOptions<Target>) {}

  /** The object, with some methods that are carried out here. */
  proxy<Own extends object>(own: Own): Remote<Target> & Own {
    const called = (_: Own, name: string | symbol) => {
      if (Reflect.has(own, name)) return Reflect.get(own, name);
      // A promise that is resolved with the object, and JSON, look for these methods; symbols are never methods of ours.
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
      return (...args: unknown[]) => this.call(name, args);
    };
    return new Proxy(own, { get: called }) as Remote<Target> & Own;
  }

  /** Settles a call with the worker's reply. */
  settle({ id, result, error }: Reply): void {
    const waiting = this.waiting.get(id);
    if (!this.waiting.delete(id)) return; // rejected before the answer came
    if (this.waiting.size === 0) this.options.busy(false);
    if (!error) waiting?.resolve(result);
    else waiting?.reject(this.options.revive?.(error) ?? revived(error));
  }

  /** Rejects all pending calls. */
  fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  /** Rejects each later call, with this reason. */
  refuse(reason: string): void {
    this.refusal = reason;
  }

  private call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.refusal !== undefined) return Promise.reject(new UserError(this.refusal));
    const id = this.nextId++;
    const moved = this.options.moves?.[method as keyof Target] as ((...args: unknown[]) => ArrayBuffer[]) | undefined;
    return new Promise((resolve, reject) => {
      this.options.post({ id, method, args }, moved?.(...args) ?? []); // throws where an argument cannot be sent
      if (this.waiting.size === 0) this.options.busy(true);
      this.waiting.set(id, { resolve, reject });
    });
  }
}

/** The error as it was thrown in the worker, with its stack there. */
function revived({ message, stack, isUserError }: ThrownError): Error {
  return Object.assign(isUserError ? new UserError(message) : new Error(message), { stack });
}

/**
 * The worker's side: answers calls of an object's methods in the order in which they came; none begins before the one
 * before it has ended.
 *
 * @param post sends an answer back
 * @param options.isConcurrent whether calls begin at once instead, and are answered as they end
 * @returns takes a call, and resolves when it is answered
 */
export function serveCalls(
  target: object,
  post: (reply: Reply, transfer: ArrayBuffer[]) => void,
  { isConcurrent = false }: { readonly isConcurrent?: boolean } = {},
): (call: Call) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const answer = async ({ id, method, args }: Call): Promise<void> => {
    try {
      const called: unknown = Reflect.get(target, method);
      if (typeof called !== 'function') throw new Error(`internal: there is no method ${method} in the worker`);
      const result: unknown = await called.apply(target, args);
      post({ id, result }, ownedBuffers(result)); // throws where the result cannot be sent
    } catch (error) {
      post({ id, error: thrown(error as Error) }, []);
    }
  };
  return (call) => {
    if (isConcurrent) return answer(call);
    last = last.then(() => answer(call));
    return last;
  };
}

function thrown(error: Error): ThrownError {
  const { name, message, stack = '' } = error;
  const isPlain = ([, value]: [string, unknown]) => ['number', 'string', 'boolean'].includes(typeof value);
  const fields = Object.fromEntries(Object.entries(error).filter(isPlain));
  return { name, message, stack, isUserError: error instanceof UserError, fields };
}

/**
 * The buffers of a result that go to the other thread instead of being copied: those that a typed array fills. Results
 * are the caller's own; a view of a part would take more away than it shows.
 */
function ownedBuffers(result: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (ArrayBuffer.isView(result)) {
    const { buffer, byteLength } = result;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !found.includes(buffer))
      found.push(buffer);
  } else if (typeof result === 'object' && result !== null) {
    for (const value of Object.values(result)) ownedBuffers(value, found);
  }
  return found;
}
