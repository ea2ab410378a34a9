/** @file The body of errors, and their place in the OpenAPI document. */
import { z } from 'zod';
import type { ServeError } from './serve-error.js';

/** OpenAI's nested form. */
export const errorSchema = z.object({
  error: z.object({
    message: z.string(),
    type: z.string().describe('the kind of error, such as invalid_request_error'),
    param: z.string().nullable().describe('the field of the request that is at fault'),
    code: z.string().nullable().describe('a word for programs, such as model_not_found'),
  }),
});

/** The body of an error. */
export const errorBody = ({
  message,
  type,
  param = null,
  code = null,
}: Pick<ServeError, 'message' | 'type'> & {
  readonly param?: string | null | undefined;
  readonly code?: string | null | undefined;
}): z.output<typeof errorSchema> => ({ error: { message, type, param, code } });

const meanings = {
  400: 'The request is malformed, or a field has a wrong value',
  401: 'No API key, or an unknown one',
  404: 'There is no such model or route',
  413: 'The body, a text or the number of inputs is over the limit',
  422: 'The request is well formed, but this model cannot process it',
  429: 'The queue is full, or the key has used up its rate: try again after `retry-after`',
  503: 'The model is loading or not available: try again after `retry-after`',
} as const;

/** The errors of a route, for its documentation. */
export const errorResponses = Object.fromEntries(
  Object.entries(meanings).map(([status, description]) => [
    status,
    { description, content: { 'application/json': { schema: errorSchema } } },
  ]),
) as Record<
  keyof typeof meanings,
  { description: string; content: { 'application/json': { schema: typeof errorSchema } } }
>;
