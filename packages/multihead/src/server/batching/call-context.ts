/**
 * @file Whom a computation is for. A call runs with its context, and the scheduler that is reached through any pipeline reads
 * it: pipelines know nothing of clients.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** A call of a client, and what was spent on it. */
export interface CallContext {
  /** Who sent it; clients take turns. */
  readonly client: string;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Tokens that the model read for it, without padding. */
  tokens: number;
  /** Milliseconds that its features waited and were computed, of the one that was longest at it. */
  queueTime: number;
  inferenceTime: number;
}

const contexts = new AsyncLocalStorage<CallContext>();
let anonymous = 0;

/** The context of a call, without costs. Each call is a client of its own where none is named. */
export const newCallContext = (signal: AbortSignal, client = `call ${anonymous++}`): CallContext => ({
  client,
  signal,
  tokens: 0,
  queueTime: 0,
  inferenceTime: 0,
});

/** Runs a function, with all that it awaits, for a call. */
export const runInContext = <Result>(context: CallContext, run: () => Promise<Result>): Promise<Result> =>
  contexts.run(context, run);

const never = new AbortController().signal;

/** The context of the running call; a new one outside of any. */
export const currentCall = (): CallContext => contexts.getStore() ?? newCallContext(never);
