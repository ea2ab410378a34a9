/** @file The messages of a chat. */
import { z } from 'zod';
import type { ChatMessage } from '../../../text/chat/chat-message.js';
import { ServeError } from '../../errors/serve-error.js';

const part = z.looseObject({ type: z.string(), text: z.string().optional() });

/** A message as OpenAI's clients send it. */
export const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z
    .union([z.string(), z.array(part)])
    .nullish()
    .describe('a text, or parts of the type text'),
  name: z.string().nullish(),
});

/**
 * Messages as the model's chat template takes them.
 *
 * @throws ServeError for parts that are no texts, such as images
 */
export const chatMessages = (
  messages: readonly z.output<typeof message>[],
): (ChatMessage & { readonly content: string })[] =>
  messages.map(({ role, content }, i) => ({
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : (content ?? []).map((one, j) => textOf(one, i, j)).join(''),
  }));

function textOf({ type, text }: z.output<typeof part>, message: number, index: number): string {
  if (type === 'text' && text !== undefined) return text;
  throw new ServeError('only parts of the type text are supported, such as {"type": "text", "text": "Hello"}', {
    status: 400,
    code: 'unsupported_value',
    param: `messages[${message}].content[${index}]`,
  });
}
