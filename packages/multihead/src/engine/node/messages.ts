/** @file What the Node engine and its worker say to each other. */
import type { EngineCore } from '../core.js';
import type { NativeCallFlags } from './native-calls.js';

/** What a worker is started with. */
export interface WorkerSettings {
  /** Threads that one operator may use. */
  readonly threads: number;
  readonly flags: NativeCallFlags;
}

/** A method of the engine's inside, called from the other thread. */
export interface Call {
  readonly id: number;
  readonly method: keyof EngineCore;
  readonly args: unknown[];
}

/** What the worker is sent: calls, and at last the wish that it end. */
export type Message = Call | 'close';

/** What came of it. */
export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly stack: string };
}
