/** @file Who may call what: API keys, origins and hosts. */

import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { ServeError } from '../errors/serve-error.js';
import type { ApiKeys } from './api-keys.js';
import type { ServerEnv } from './app.js';

/** Paths that need no key: probes, and pages that hold nothing but the interface's description. */
const isPublic = (path: string): boolean =>
  ['/', '/health', '/ready', '/openapi.json', '/favicon.ico'].includes(path) ||
  path.startsWith('/docs/') ||
  path === '/docs';

/** Asks for an API key where there are some. */
export const authentication = (keys: ApiKeys | undefined) =>
  createMiddleware<ServerEnv>(async (c, next) => {
    if (!keys || isPublic(c.req.path) || c.req.method === 'OPTIONS') return next();
    const given = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const name = given === undefined ? undefined : keys.nameOf(given);
    if (name === undefined) {
      const what = given === undefined ? 'no API key was given' : 'the API key is not known';
      throw new ServeError(`${what}; send the header authorization: Bearer KEY`, {
        status: 401,
        code: 'invalid_api_key',
      });
    }
    c.var.record.key = name;
    c.var.record.client = name;
    return next();
  });

/** Pages that may call the server: those of these origins, and its own. */
export const crossOrigin = (origins: readonly string[]) => {
  const answer = cors({
    origin: (origin) => (origins.includes('*') || origins.includes(origin) ? origin : null),
    allowMethods: ['GET', 'POST', 'OPTIONS'],
    exposeHeaders: ['x-request-id', 'retry-after'],
    maxAge: 600,
  });
  return createMiddleware<ServerEnv>(async (c, next) => {
    const origin = c.req.header('origin');
    if (origin === undefined || isOwn(origin, c.req.header('host'))) return next();
    if (!origins.includes('*') && !origins.includes(origin)) {
      throw new ServeError('pages of this origin may not call the server', { status: 403, code: 'origin_not_allowed' });
    }
    return answer(c, next);
  });
};

/** Whether a page came from this server; the scheme may be that of a proxy. */
function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * Answers requests for certain hosts only. Without keys, a page whose name was made to point at this machine could otherwise
 * call the server as one of its own.
 */
export const hostNames = (hosts: readonly string[] | undefined) =>
  createMiddleware<ServerEnv>(async (c, next) => {
    const host = c.req.header('host') ?? '';
    const name = host.replace(/:\d*$/, '').toLowerCase();
    if (!hosts || hosts.includes(name)) return next();
    throw new ServeError('the server does not answer by this host name', { status: 403, code: 'host_not_allowed' });
  });
