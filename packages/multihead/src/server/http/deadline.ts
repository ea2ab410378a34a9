/** @file How long a request may take. */
import { createMiddleware } from 'hono/factory';
import type { ServerEnv } from './app.js';

/** Gives each request a signal that is aborted when its client has gone, or after so many seconds. */
export const deadline = (seconds: number) =>
  createMiddleware<ServerEnv>(async (c, next) => {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new DOMException(`the answer took more than ${seconds} s`, 'TimeoutError')),
      seconds * 1000,
    );
    timer.unref();
    const { record } = c.var;
    const finished = record.onFinished;
    record.onFinished = () => {
      clearTimeout(timer);
      finished?.();
    };
    c.set('signal', AbortSignal.any([c.req.raw.signal, late.signal]));
    await next();
  });
