/**
 * @file A tokenizer.json for SentencePiece's BPE: scores say which neighbours are merged first, and a character without a token
 * becomes its bytes.
 */

import type { AddedToken, TokenizerJson } from '../backends/backend.js';
import { bpeModel } from './bpe-model.js';

/** A token, in the order of the numbers. */
export interface ScoredPiece {
  readonly text: string;
  readonly score: number;
  /** Whether two others can be merged to it: not to special tokens and to bytes. */
  readonly isMerged: boolean;
}

/** How texts are split into pieces. */
export interface SentencePieceSettings {
  readonly pieces: readonly ScoredPiece[];
  readonly unknown: string | undefined;
  /** Whether a space is put before a text. */
  readonly spaceBefore: boolean;
  readonly addedTokens: readonly AddedToken[];
  /** How texts and pairs are arranged; null for as they are. */
  readonly postProcessor: Readonly<Record<string, unknown>> | null;
}

/** What stands for a space. */
export const spaceMark = '▁';
/** A token that stands for a byte. */
export const bytePattern = /^<0x[0-9A-F]{2}>$/;

/** Makes the contents of tokenizer.json. */
export function sentencePieceJson(settings: SentencePieceSettings): TokenizerJson {
  const { pieces, unknown, spaceBefore, addedTokens, postProcessor } = settings;
  const replaced = { type: 'Replace', pattern: { String: ' ' }, content: spaceMark };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens,
    normalizer: spaceBefore
      ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: spaceMark }, replaced] }
      : replaced,
    pre_tokenizer: null,
    post_processor: postProcessor,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: spaceMark }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(spaceBefore ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: bpeModel({
      unknown,
      fuseUnknown: true,
      byteFallback: pieces.filter(({ text }) => bytePattern.test(text)).length === 256,
      vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
      merges: merges(pieces),
    }),
  };
}

/**
 * The pairs that may be merged, the best first: every way to cut a token in two that are tokens, by the token's score; of
 * one token's, those of lower numbers first, as Hugging Face converts SentencePiece's.
 */
function merges(pieces: readonly ScoredPiece[]): [string, string][] {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const found: { pair: [string, string]; score: number; left: number; right: number }[] = [];
  for (const { text, score, isMerged } of pieces) {
    if (!isMerged) continue;
    const characters = Array.from(text);
    for (let cut = 1; cut < characters.length; cut++) {
      const pair: [string, string] = [characters.slice(0, cut).join(''), characters.slice(cut).join('')];
      const [left, right] = [ids.get(pair[0]), ids.get(pair[1])];
      if (left !== undefined && right !== undefined) found.push({ pair, score, left, right });
    }
  }
  found.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right);
  return found.map(({ pair }) => pair);
}
