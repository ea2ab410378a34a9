/**
 * @file Whom a computation is for. A call runs with its context, and the scheduler that is reached through any pipeline reads
 * it: pipelines know nothing of clients.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import type { Call } from '../models/served-model.js';

/** A call of a client, and what was spent on it. */
export interface CallContext extends Call {
  readonly client: string;
  /** Tokens that the model read for it, without padding. */
  tokens: number;
  /** Milliseconds that its features waited and were computed, of the one that was longest at it. */
  queueTime: number;
  inferenceTime: number;
}

const contexts = new AsyncLocalStorage<CallContext>();
let anonymous = 0;

/** The context of a call, without costs. */
export const newCallContext = ({ signal, client = `call ${anonymous++}`, onStart }: Call): CallContext => ({
  signal,
  client,
  onStart,
  tokens: 0,
  queueTime: 0,
  inferenceTime: 0,
});

/** Runs a function, with all that it awaits, for a call. */
export const runInContext = <Result>(context: CallContext, run: () => Promise<Result>): Promise<Result> =>
  contexts.run(context, run);

const never = new AbortController().signal;

/** The context of the running call; a new one outside of any. */
export const currentCall = (): CallContext => contexts.getStore() ?? newCallContext({ signal: never });
