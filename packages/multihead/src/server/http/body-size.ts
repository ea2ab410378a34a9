/** @file Bodies: their size, and that of all that are held at a time. */
import { createMiddleware } from 'hono/factory';
import { ServeError } from '../errors/serve-error.js';
import type { ServerEnv } from './app.js';

/** Bodies of the greatest size that may be held at a time. */
const mostBodies = 8;

/** Reads bodies. Refuses larger ones, without reading them to their end, and any while too much is held. */
export function bodySize(most: number) {
  const held = { bytes: 0 };
  return createMiddleware<ServerEnv>(async (c, next) => {
    const { raw, bodyCache } = c.req;
    if (c.req.method !== 'POST' || !raw.body) return next();
    if (Number(c.req.header('content-length') ?? 0) > most) throw tooLarge(most);
    let size = 0;
    const finished = c.var.record.onFinished;
    c.var.record.onFinished = () => {
      held.bytes -= size;
      finished?.();
    };
    const chunks: Uint8Array[] = [];
    for await (const chunk of raw.body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      held.bytes += chunk.length;
      if (size > most) throw tooLarge(most);
      if (held.bytes > mostBodies * most) throw tooMuch();
      chunks.push(chunk);
    }
    // Where Hono looks for a body that was read before.
    Object.assign(bodyCache, { text: Promise.resolve(new TextDecoder().decode(Buffer.concat(chunks, size))) });
    return next();
  });
}

const tooLarge = (most: number): ServeError =>
  new ServeError(`the body is larger than ${most} bytes`, { status: 413, code: 'body_too_large' });

const tooMuch = (): ServeError =>
  new ServeError('the server holds as many bodies of requests as it can', {
    status: 503,
    code: 'bodies_too_many',
    retryAfter: 1,
  });
