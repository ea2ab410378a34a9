/** @file What a request may ask for. */
import { ServeError } from '../errors/serve-error.js';

/** Limits of requests. */
export interface RequestLimits {
  /** Bytes of a body. Default: 32 MiB. */
  readonly bodyBytes: number;
  /** Inputs of a request. Default: 2048, as OpenAI has it. */
  readonly inputs: number;
  /** Characters of a text. Default: 2,000,000. */
  readonly textLength: number;
  /** New tokens of a text. Default: 4096. */
  readonly newTokens: number;
  /** Seconds that an answer may take. Default: 300. */
  readonly seconds: number;
}

/** The limits without any set. */
export const usualLimits: RequestLimits = {
  bodyBytes: 32 * 2 ** 20,
  inputs: 2048,
  textLength: 2_000_000,
  newTokens: 4096,
  seconds: 300,
};

/** @throws ServeError with status 413 for more inputs, or a longer text, than the limits allow */
export function checkSize(
  texts: readonly string[],
  count: number,
  { inputs, textLength }: RequestLimits,
  param: string,
): void {
  if (count > inputs) {
    throw new ServeError(
      `${param} has ${count} entries; the server takes up to ${inputs} a request. Send several requests.`,
      {
        status: 413,
        code: 'too_many_inputs',
        param,
      },
    );
  }
  const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
  if (longest > textLength) {
    throw new ServeError(`a text of ${param} has ${longest} characters; the server takes up to ${textLength}`, {
      status: 413,
      code: 'text_too_long',
      param,
    });
  }
}
