/** @file Requests a minute of each client. */
import { createMiddleware } from 'hono/factory';
import { ServeError } from '../errors/serve-error.js';
import type { ServerEnv } from './app.js';

/** Clients whose allowance is remembered; of more, those that came first are forgotten. */
const mostClients = 10_000;

/**
 * Gives each client an allowance of requests, which grows back evenly within a minute.
 *
 * @example
 * const allowance = new Allowances(60);
 * allowance.take('a', 0); // undefined: the request may go on; a number: seconds until it may
 */
export class Allowances {
  private readonly left = new Map<string, { count: number; at: number }>();

  constructor(private readonly perMinute: number) {}

  /**
   * Takes one request of a client's allowance.
   *
   * @param now seconds
   * @returns the seconds to wait where nothing is left
   */
  take(client: string, now: number): number | undefined {
    const known = this.left.get(client);
    const grown = known ? known.count + ((now - known.at) * this.perMinute) / 60 : this.perMinute;
    const count = Math.min(this.perMinute, grown);
    this.left.delete(client);
    this.left.set(client, { count: count >= 1 ? count - 1 : count, at: now });
    if (this.left.size > mostClients) this.left.delete(this.left.keys().next().value as string);
    return count >= 1 ? undefined : ((1 - count) * 60) / this.perMinute;
  }
}

/** Refuses requests of clients that have used up their allowance. */
export const rateLimit = (perMinute: number | undefined) => {
  const allowances = perMinute === undefined ? undefined : new Allowances(perMinute);
  return createMiddleware<ServerEnv>(async (c, next) => {
    const wait = c.req.path.startsWith('/v1/')
      ? allowances?.take(c.var.record.client, performance.now() / 1000)
      : undefined;
    if (wait === undefined) return next();
    throw new ServeError(`more than ${perMinute} requests a minute; try again in ${Math.ceil(wait)} s`, {
      status: 429,
      code: 'rate_limit_exceeded',
      retryAfter: wait,
    });
  });
};
