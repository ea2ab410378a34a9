/** @file What routes are added to, and what they get. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Models } from '../models/models.js';
import type { RequestLimits } from './limits.js';

/** Values that belong to a request. */
export interface ServerEnv {
  readonly Variables: {
    /** The request's id, which answers, errors and logs carry. */
    requestId: string;
    /** Aborted when the client has gone or the time is up. */
    signal: AbortSignal;
  };
}

/** The application that routes are added to. */
export type App = OpenAPIHono<ServerEnv>;

/** What the routes of a server share. */
export interface ServerContext {
  readonly models: Models;
  readonly limits: RequestLimits;
}

/** A part of the interface: adds its routes. A new one is a file in `routes/` and a row of the registry. */
export type AddRoutes = (app: App, context: ServerContext) => void;
