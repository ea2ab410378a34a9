/** @file Errors of requests, in OpenAI's words: HTTP status, type, code and the parameter at fault. */
import { UserError } from '../../platform/errors.js';

/** What an error says besides its message. */
export interface ServeErrorDetails extends ErrorOptions {
  /** HTTP status. */
  readonly status: number;
  /** The kind of error, such as `invalid_request_error`. Default: that of the status. */
  readonly type?: string | undefined;
  /** A word for programs, such as `model_not_found`. */
  readonly code?: string | undefined;
  /** The field of the request that is at fault. */
  readonly param?: string | undefined;
  /** Seconds after which the client should try again, for 429 and 503. */
  readonly retryAfter?: number | undefined;
  /** Methods that the route has, for 405. */
  readonly allow?: readonly string[] | undefined;
}

/**
 * An error that a client is shown. What else is thrown while a request is answered is one of two kinds: a {@link UserError},
 * shown with status 422, or a fault of ours, shown as 500 without its message.
 *
 * @example
 * throw new ServeError('the queue is full', { status: 429, code: 'queue_full', retryAfter: 1 });
 */
export class ServeError extends Error {
  override name = 'ServeError';
  readonly status: number;
  readonly type: string;
  readonly code: string | undefined;
  readonly param: string | undefined;
  readonly retryAfter: number | undefined;
  readonly allow: readonly string[] | undefined;

  constructor(message: string, { status, type, code, param, retryAfter, allow, ...options }: ServeErrorDetails) {
    super(message, options);
    this.status = status;
    this.type = type ?? typeOf(status);
    this.code = code;
    this.param = param;
    this.retryAfter = retryAfter;
    this.allow = allow;
  }
}

/** The types that clients of OpenAI's interface know. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  if (status === 503 || status === 504) return 'service_unavailable_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

/** Any thrown value as the error that a client is shown. */
export function asServeError(error: unknown): ServeError {
  if (error instanceof ServeError) return error;
  if (error instanceof UserError) return new ServeError(withoutQuotes(error.message), { status: 422, cause: error });
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new ServeError(error.message, { status: 503, code: 'timeout', retryAfter: 1, cause: error });
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    return new ServeError('the client has gone', { status: 499, code: 'client_gone', cause: error });
  }
  return new ServeError(
    'The server failed to answer the request. Its log has the cause, under the id of the request.',
    {
      status: 500,
      code: 'internal_error',
      cause: error,
    },
  );
}

/** A message of the library without what it quotes: that may be a text, and errors end up in many logs. */
const withoutQuotes = (message: string): string => message.replace(/".*"/s, '"..."');
