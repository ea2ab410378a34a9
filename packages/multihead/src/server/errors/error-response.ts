/** @file Errors as responses. */
import { HTTPException } from 'hono/http-exception';
import { errorBody } from './error-schema.js';
import { asServeError, ServeError } from './serve-error.js';

/** The response of an error. */
export function errorResponse(error: ServeError): Response {
  const { status, retryAfter, allow } = error;
  const headers = {
    ...(retryAfter !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }),
    ...(allow && { allow: allow.join(', ') }),
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  };
  return Response.json(errorBody(error), { status, headers });
}

/** What was thrown while a request was answered, as the error that the client is shown. */
export function shownError(error: unknown): ServeError {
  if (!(error instanceof HTTPException)) return asServeError(error);
  const { status, message } = error;
  if (status === 400 && /malformed json/i.test(message)) {
    return new ServeError('the body is not valid JSON', { status, code: 'invalid_json', cause: error });
  }
  if (status === 415) {
    return new ServeError('the body must be JSON, with the header content-type: application/json', {
      status,
      code: 'unsupported_media_type',
      cause: error,
    });
  }
  return new ServeError(message || 'the request cannot be answered', { status, cause: error });
}
