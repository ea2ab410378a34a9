/** @file The vocabulary of a GGUF file: tokens, what kinds they are, and which of them have a meaning of their own. */

import type { AddedToken } from '../../../text/backends/backend.js';
import { exactToken } from '../../../text/files/exact-token.js';
import type { GgufFile } from '../gguf-file.js';

/** A file's tokens. */
export interface GgufVocabulary {
  readonly tokens: readonly string[];
  /** Tokens that are found in a text as they are written, as tokenizer.json lists them. */
  readonly addedTokens: readonly AddedToken[];
  /** Whether a token is part of words, and made by merging. */
  isWordPart(id: number): boolean;
  /** The token of a role, such as `bos`, with its number. */
  special(role: string): readonly [token: string, id: number] | undefined;
}

/** ggml's kinds of tokens. */
const kinds = { normal: 1, unknown: 2, control: 3, userDefined: 4 };

/**
 * Reads the vocabulary.
 *
 * @param size number of tokens that the model has
 * @throws UserError for lists that do not fit each other or the model
 */
export function readVocabulary(file: GgufFile, size: number): GgufVocabulary {
  const name = (key: string) => `tokenizer.ggml.${key}`;
  const tokens = file.texts(name('tokens')) ?? file.fail(`has no setting ${name('tokens')}`);
  if (tokens.length !== size)
    file.fail(`${name('tokens')} has ${tokens.length} tokens; expected ${size}, as the model has`);
  const first = new Map<string, number>();
  for (const [id, token] of tokens.entries()) {
    const other = first.get(token);
    if (other !== undefined) file.fail(`tokens ${other} and ${id} are the same, ${JSON.stringify(token).slice(0, 80)}`);
    first.set(token, id);
  }
  const types = file.numbers(name('token_type')) ?? [];
  if (types.length > 0 && types.length !== size) {
    file.fail(`${name('token_type')} has ${types.length} kinds; expected ${size}, one for each token`);
  }
  const isAdded = ({ kind }: { kind: number }) => [kinds.unknown, kinds.control, kinds.userDefined].includes(kind);
  const addedTokens = tokens
    .map((content, id) => ({ content, id, kind: types[id] ?? kinds.normal }))
    .filter((token) => isAdded(token) && token.content !== '')
    .map(({ content, id, kind }) => exactToken(id, content, kind !== kinds.userDefined));
  return {
    tokens,
    addedTokens,
    isWordPart: (id) => (types[id] ?? kinds.normal) === kinds.normal,
    special(role) {
      const id = file.number(name(`${role}_token_id`));
      if (id === undefined) return undefined;
      const token = tokens[id];
      return token === undefined ? file.fail(`${name(`${role}_token_id`)} is ${id}, which is no token`) : [token, id];
    },
  };
}
