/** @file The maximum number of new tokens of a prompt, from the options and the model's positions. */
import { UserError } from '../../platform/errors.js';
import type { ResolvedOptions } from './options.js';

/** Default number of new tokens, as in Hugging Face's pipeline. */
const usualNewTokens = 256;

/**
 * Returns the maximum number of tokens to add to a prompt.
 *
 * @param positions the most tokens that the model can look at
 * @throws UserError where the prompt is too long, or prompt and new tokens together are, and the window may not slide
 */
export function newTokenLimit(
  promptLength: number,
  positions: number,
  { maxNewTokens, maxLength, overflow }: ResolvedOptions,
): number {
  if (maxNewTokens === undefined && maxLength !== undefined && maxLength <= promptLength) {
    throw new UserError(
      `maxLength is ${maxLength}, but the prompt alone has ${promptLength} tokens. Give maxNewTokens instead, or more.`,
    );
  }
  const asked = maxNewTokens ?? (maxLength === undefined ? undefined : maxLength - promptLength);
  if (overflow === 'slide') return asked ?? usualNewTokens;
  const room = positions - promptLength;
  if (room <= 0) {
    throw new UserError(
      `the prompt has ${promptLength} tokens, but the model looks at no more than ${positions}, so none can follow. ` +
        "Shorten it, or give `overflow: 'slide'`: the model then sees the last part only.",
    );
  }
  if (asked !== undefined && asked > room) {
    throw new UserError(
      `the prompt has ${promptLength} tokens and ${asked} more were asked for, but the model looks at no more than ` +
        `${positions}. Ask for at most ${room} (maxNewTokens), or give \`overflow: 'slide'\`: ` +
        'the model then sees only the last part.',
    );
  }
  return asked ?? Math.min(usualNewTokens, room);
}
