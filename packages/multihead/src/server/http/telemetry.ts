/** @file The id, the log line and the metrics of each request. */
import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { shownError } from '../errors/error-response.js';
import type { ServerEnv } from './app.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import type { OpenRequests } from './open-requests.js';
import { RequestRecord } from './request-record.js';

/** Destinations of logs and metrics. */
export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly open: OpenRequests;
}

/** Gives each response the id that its request brought, or a new one, and logs and counts it when it has been sent. */
export const telemetry = ({ logger, metrics, open }: Telemetry) =>
  createMiddleware<ServerEnv>(async (c, next) => {
    const given = c.req.header('x-request-id');
    const id = given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
    const record = new RequestRecord(id, c.env?.incoming?.socket.remoteAddress ?? 'unknown');
    c.set('record', record);
    open.add(record);
    record.onFinished = () => {
      open.delete(record);
      const { status } = c.res;
      const path = routePath(c); // of the handler that ran last
      // What matched nothing but the middleware is no route; the path itself may hold anything.
      const route = path === '*' || path === '/*' ? 'none' : path;
      const seconds = (performance.now() - record.start) / 1000;
      metrics.count({ route, method: c.req.method, status, seconds, record });
      logger.info(lineOf(record, { method: c.req.method, route, status, seconds }), 'request');
      if (status >= 500 && status !== 503)
        logger.error({ id, ...faultOf(record.error) }, 'a request failed by a fault of the server');
    };
    await next();
    record.error ??= c.error;
    c.header('x-request-id', id);
    record.answered();
  });

function lineOf(
  record: RequestRecord,
  more: { method: string; route: string; status: number; seconds: number },
): object {
  const { id, key, model, inputs, tokens, firstToken, error, isCut } = record;
  const { seconds, ...rest } = more;
  return {
    id,
    ...rest,
    ms: Math.round(seconds * 1000),
    ...(key !== undefined && { key }),
    ...(model !== undefined && { model, inputs, promptTokens: tokens.prompt, completionTokens: tokens.completion }),
    ...(firstToken !== undefined && { firstTokenMs: Math.round(firstToken) }),
    ...(error !== undefined && { code: shownError(error).code ?? shownError(error).type }),
    ...(isCut && { cut: true }),
  };
}

/** An error without its message, which could quote a text. */
export function faultOf(error: unknown): object {
  if (!(error instanceof Error)) return { fault: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { fault: error.name, at: frames.slice(0, 8).map((line) => line.trim()) };
}
