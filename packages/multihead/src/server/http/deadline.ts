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
    c.set('signal', AbortSignal.any([departure(c.req.raw.signal), late.signal]));
    try {
      await next();
    } catch (error) {
      // Hono answers for errors alone: of anything else that was thrown, the request would never end.
      throw error instanceof Error ? error : new Error('something was thrown that is no error', { cause: error });
    }
  });

/** Aborted with an error when a request is: the reason that @hono/node-server gives is a string. */
function departure(signal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort(new DOMException('the client has gone', 'AbortError'));
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  return gone.signal;
}
