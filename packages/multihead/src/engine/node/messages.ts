/** @file What the Node engine and its worker say to each other. */
import type { EngineCore } from '../core.js';

/** A method of the engine's inside, called from the other thread. */
export interface Call {
  readonly id: number;
  readonly method: keyof EngineCore;
  readonly args: unknown[];
}

/** What came of it. */
export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly stack: string };
}
