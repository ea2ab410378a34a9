/** @file A conversation, as chat templates and OpenAI's clients have it. */
import { UserError } from '../../platform/errors.js';

/** A part of a message's content, such as `{ type: 'text', text: 'Hello' }`. */
export interface ChatContentPart {
  readonly type: string;
  readonly text?: string;
  readonly [field: string]: unknown;
}

/** A message of a conversation. A template may read further fields, such as `tool_calls` or `name`. */
export interface ChatMessage {
  /** Who speaks: `system`, `user`, `assistant`, `tool`, or what else the template knows. */
  readonly role: string;
  readonly content?: string | readonly ChatContentPart[] | null;
  readonly [field: string]: unknown;
}

/**
 * Tells whether a value is a conversation: a list that begins with an object.
 *
 * @example
 * isConversation([{ role: 'user', content: 'Hello' }]); // true
 * isConversation(['Hello']); // false
 */
export const isConversation = (value: unknown): value is readonly ChatMessage[] =>
  Array.isArray(value) && typeof value[0] === 'object' && value[0] !== null && !Array.isArray(value[0]);

/** @throws UserError for what is no conversation, by the number of the message */
export function checkConversation(messages: readonly ChatMessage[]): void {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new UserError('messages: expected a list of one message or more, each { role, content }');
  }
  for (const [i, message] of messages.entries()) {
    const isMessage = typeof message === 'object' && message !== null && typeof message.role === 'string';
    if (isMessage) continue;
    const found = JSON.stringify(message) ?? String(message);
    throw new UserError(`messages[${i}]: expected { role, content } with a role of text, found ${found.slice(0, 80)}`);
  }
}
