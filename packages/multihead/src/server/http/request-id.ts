/** @file The id of a request, in `x-request-id`. */
import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import type { ServerEnv } from './app.js';

/** Gives each response the id that its request brought, or a new one. */
export const requestIds = createMiddleware<ServerEnv>(async (c, next) => {
  const given = c.req.header('x-request-id');
  const id = given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
  c.set('requestId', id);
  await next();
  c.header('x-request-id', id);
});
