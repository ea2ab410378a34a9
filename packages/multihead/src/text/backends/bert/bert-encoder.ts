/**
 * @file BERT's way from a text to tokens with their places, in JavaScript: added tokens, normalizer, words, WordPiece.
 * Hugging Face's JavaScript library tells no places; this does, and equals the Rust library.
 */

import type { RawTokens, Span, TokenizerJson } from '../backend.js';
import { type AddedTokenSplitter, splitterAt } from './added-tokens.js';
import { type AlignedText, alignedText, originOf, sliceAligned } from './aligned-text.js';
import { type BertNormalizerSettings, normalizeBert } from './bert-normalizer.js';
import { bertWord } from './unicode.js';
import { type WordPieceSettings, wordPieceModel } from './word-piece-model.js';

/** Whether a tokenizer.json describes BERT's way, which {@link createBertEncoder} knows. */
export function isBert({ normalizer, pre_tokenizer, model }: TokenizerJson): boolean {
  const types = [normalizer?.type, pre_tokenizer?.type, model.type];
  return types.join() === 'BertNormalizer,BertPreTokenizer,WordPiece';
}

/**
 * Makes the encoder of a BERT tokenizer.
 *
 * @returns from a text to its tokens, without special tokens around them
 * @example
 * createBertEncoder(json)('Cafés!').offsets   // [[0, 4], [4, 5], [5, 6]]: 'cafe', '##s', '!'
 */
export function createBertEncoder(json: TokenizerJson): (text: string) => RawTokens {
  const settings = (json.normalizer ?? {}) as BertNormalizerSettings;
  const added = json.added_tokens ?? [];
  const splitOriginal = splitterAt(added.filter((token) => !token.normalized));
  const splitNormalized = splitterAt(
    added.filter((token) => token.normalized),
    (content) => normalizeBert(alignedText(content), settings).text,
  );
  const model = wordPieceModel(json.model as unknown as WordPieceSettings);

  return (text) => {
    const ids: number[] = [];
    const tokens: string[] = [];
    const offsets: Span[] = [];
    const push = (id: number, token: string, offset: Span) => {
      ids.push(id);
      tokens.push(token);
      offsets.push(offset);
    };
    for (const part of partsOf(alignedText(text), splitOriginal)) {
      if (part.token) {
        push(part.token.id, part.text, originOf(part, 0, part.text.length));
        continue;
      }
      for (const piece of partsOf(normalizeBert(part, settings), splitNormalized)) {
        if (piece.token) {
          push(piece.token.id, piece.text, originOf(piece, 0, piece.text.length));
          continue;
        }
        for (const { 0: word, index } of piece.text.matchAll(bertWord)) {
          let start = index;
          for (const { id, token, length } of model(word)) {
            push(id, token, originOf(piece, start, start + length));
            start += length;
          }
        }
      }
    }
    return { ids, tokens, offsets };
  };
}

/** The pieces of a text between added tokens, and those tokens. */
function partsOf(text: AlignedText, split: AddedTokenSplitter) {
  return split(text.text).map(({ start, end, token }) => ({ ...sliceAligned(text, start, end), token }));
}
