/** @file Parts of responses that completions and chats have in common. */
import { z } from 'zod';

/** The tokens of a request. */
export const usage = z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() });

/** Server-sent events, in the OpenAPI document. */
export const eventStreamResponse = {
  'text/event-stream': { schema: z.string().describe('lines `data: {...}`, the last one `data: [DONE]`') },
} as const;
