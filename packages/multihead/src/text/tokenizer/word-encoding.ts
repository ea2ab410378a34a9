/** @file Sentences that are words already, as a model reads them. */
import type { RawTokens, Span } from '../backends/backend.js';
import type { Encoding } from './encoding.js';

/** A sentence of words, or a window of it, as a model reads it. `offsets` are places in the token's word. */
export interface WordEncoding extends Encoding {
  /** The word that each token is of, counted from 0 in the sentence; null for special tokens. */
  readonly wordIds: readonly (number | null)[];
}

/** The tokens of a sentence, word after word, and the word of each. */
export interface JoinedWords {
  readonly raw: RawTokens;
  readonly wordOf: readonly number[];
}

/** Puts the tokens of words together. As in `RawTokens`, tokens and places are looked up when they are asked for. */
export function joinWords(words: readonly RawTokens[]): JoinedWords {
  const wordOf = words.flatMap(({ ids }, word) => ids.map(() => word));
  const raw: RawTokens = {
    ids: words.flatMap(({ ids }) => ids),
    get tokens() {
      return words.flatMap(({ tokens }) => tokens);
    },
    get offsets() {
      const all = words.map(({ offsets }) => offsets);
      return all.every((offsets) => offsets !== undefined) ? all.flat() : undefined;
    },
  };
  return { raw, wordOf };
}

/**
 * The words of a window's tokens.
 *
 * @param window as it was assembled, of the sentence's tokens from `start` on
 */
export function wordIdsOf({ sequenceIds }: Encoding, wordOf: readonly number[], start: number): (number | null)[] {
  let next = start;
  return sequenceIds.map((sequence) => (sequence === null ? null : (wordOf[next++] as number)));
}

/**
 * The tokens of a word that was encoded with a space before it: its places are moved back.
 *
 * @param raw of the space and the word
 */
export function withoutSpace(raw: RawTokens): RawTokens {
  return {
    ids: raw.ids,
    get tokens() {
      return raw.tokens;
    },
    get offsets() {
      return raw.offsets?.map(([start, end]): Span => [Math.max(0, start - 1), Math.max(0, end - 1)]);
    },
  };
}

/**
 * Whether words must be encoded with a space before them, since the tokenizer tells a word in a text by it (GPT-2's and
 * RoBERTa's bytes with `add_prefix_space` off). Python asks for `add_prefix_space=True` with words.
 */
export function needsSpace(preTokenizer: Readonly<Record<string, unknown>> | null | undefined): boolean {
  if (!preTokenizer) return false;
  const { type, add_prefix_space: adds, pretokenizers } = preTokenizer;
  if (type === 'ByteLevel') return adds === false;
  return Array.isArray(pretokenizers) && pretokenizers.some(needsSpace);
}
