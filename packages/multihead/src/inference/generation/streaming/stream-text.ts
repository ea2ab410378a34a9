/** @file Streaming of generated text. */

import type { DecodingModel } from '../../../models/causal/decoding-model.js';
import { UserError } from '../../../platform/errors.js';
import type { Tokenizer } from '../../../text/tokenizer/tokenizer.js';
import type { GenerationOptions, ResolvedOptions } from '../options.js';
import { resolveRequest } from '../request.js';
import { streamTexts } from './stream-texts.js';

/**
 * Generates one text and yields it in pieces that never split a character. Possible beginnings of stop strings are held
 * back.
 *
 * @throws UserError for what {@link generate} refuses, and for beams and several texts, which are not known until the end
 */
export async function* streamText(
  model: DecodingModel,
  promptIds: readonly number[],
  options: GenerationOptions & { readonly tokenizer: Tokenizer },
): AsyncGenerator<string, void, undefined> {
  checkStreamable(resolveRequest(model, [promptIds], options));
  for await (const { text } of streamTexts(model, promptIds, options).pieces) if (text !== '') yield text;
}

/** Refuses options that make more than one text at a time. */
export function checkStreamable(options: ResolvedOptions): void {
  for (const name of ['numBeams', 'numReturnSequences'] as const) {
    if (options[name] === 1) continue;
    throw new UserError(
      `${name} is ${options[name]}, but only one text can be streamed. Leave it out, or do not stream.`,
    );
  }
}
