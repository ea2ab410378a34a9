/** @file Which tokens have no text of their own: special ones, and single bytes of characters that the vocabulary lacks. */
import type { TokenizerJson } from '../backends/backend.js';

/** What tokens of a tokenizer.json are, as far as decoding treats them differently. */
export interface TokenKinds {
  /** Tokens that decoding leaves out. */
  readonly special: ReadonlySet<number>;
  /** Whether a token is one byte of a character (`<0xF0>`), which decoding puts together with those around it. */
  readonly isByteFallback: (token: string) => boolean;
}

const byteToken = /^<0x[0-9A-Fa-f]{2}>$/;

/** Reads the kinds out of a tokenizer.json. */
export function tokenKinds({ added_tokens = [], decoder }: TokenizerJson): TokenKinds {
  const special = new Set(added_tokens.filter((token) => token.special).map(({ id }) => id));
  const joinsBytes = hasByteFallback(decoder);
  return { special, isByteFallback: (token) => joinsBytes && byteToken.test(token) };
}

function hasByteFallback(decoder: unknown): boolean {
  if (typeof decoder !== 'object' || decoder === null) return false;
  const { type, decoders } = decoder as { readonly type?: unknown; readonly decoders?: unknown };
  return type === 'ByteFallback' || (Array.isArray(decoders) && decoders.some(hasByteFallback));
}
