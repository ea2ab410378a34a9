/** @file What routes are added to, and what they get. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Models } from '../models/models.js';
import type { RequestLimits } from './limits.js';
import type { Metrics } from './metrics.js';
import type { RequestRecord } from './request-record.js';

/** Values that belong to a request. */
export interface ServerEnv {
  readonly Variables: {
    /** What is known of the request: for its answer's headers, logs and metrics. */
    record: RequestRecord;
    /** Aborted when the client has gone or the time is up. */
    signal: AbortSignal;
  };
  readonly Bindings: {
    /** Node's request, on a port of our own. */
    readonly incoming?: { readonly socket: { readonly remoteAddress?: string | undefined } } | undefined;
  };
}

/** The application that routes are added to. */
export type App = OpenAPIHono<ServerEnv>;

/** What the routes of a server share. */
export interface ServerContext {
  readonly models: Models;
  readonly limits: RequestLimits;
  readonly metrics: Metrics;
  /** Whether the server is about to end. */
  readonly isStopping: () => boolean;
}

/** A part of the interface: adds its routes. A new one is a file in `routes/` and a row of the registry. */
export type AddRoutes = (app: App, context: ServerContext) => void;
