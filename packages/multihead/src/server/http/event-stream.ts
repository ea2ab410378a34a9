/** @file Server-sent events, written no faster than they are read. */

import { shownError } from '../errors/error-response.js';
import { errorBody } from '../errors/error-schema.js';

/** Milliseconds without an event after which a comment is sent, so that proxies keep the connection. */
const pingAfter = 15_000;

/** What happens besides the events. */
export interface EventStreamHooks {
  /** Called when the first event is there. */
  onFirst?(): void;
  /** Called once with what ended the stream before its end: an error, or that the client left (undefined). */
  onCut?(error: unknown): void;
  /** Called when the stream is over, whichever way. */
  onEnd?(): void;
}

/**
 * A response of events, which ends with `[DONE]`. Waits for the first event, so that what fails before it is thrown, with a status
 * of its own; what fails later is the last event: `{"error": ...}`.
 */
export async function eventStream(
  events: AsyncGenerator<object, void, undefined>,
  { onFirst, onCut, onEnd }: EventStreamHooks = {},
): Promise<Response> {
  const first = await events.next();
  onFirst?.();
  let next: Promise<IteratorResult<object, void>> = Promise.resolve(first);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        try {
          const result = await withinTime(next, pingAfter);
          if (result === undefined) return write(': ping\n\n');
          if (!result.done) {
            write(`data: ${JSON.stringify(result.value)}\n\n`);
            next = events.next();
            next.catch(() => undefined); // seen when it is awaited
            return;
          }
          write('data: [DONE]\n\n');
        } catch (error) {
          onCut?.(error);
          write(`data: ${JSON.stringify(errorBody(shownError(error)))}\n\n`);
        }
        controller.close();
        onEnd?.();
      },
      async cancel() {
        onCut?.(undefined);
        onEnd?.();
        await events.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    },
  });
}

/** What a promise gives, or undefined once the time is up. */
async function withinTime<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
    timer.unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
