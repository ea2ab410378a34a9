/** @file Messages between the Node engine and its worker. */
import type { ReductionSource } from '../distributed/reduction.js';
import type { Call } from '../remote.js';
import type { NativeCallFlags, Turn } from './native-calls.js';

/** Settings that a worker is started with. */
export interface WorkerSettings {
  /** Threads that one operator may use. */
  readonly threads: number;
  /** The name of the engine's device. */
  readonly device: string;
  readonly reduction: ReductionSource | undefined;
  readonly flags: NativeCallFlags;
  /** Of a device on which one engine may compute at a time: whose turn it is. */
  readonly turn: Turn | undefined;
}

/** What the worker is sent: calls of the engine's methods, and at last the wish that it end. */
export type Message = Call | 'close';
