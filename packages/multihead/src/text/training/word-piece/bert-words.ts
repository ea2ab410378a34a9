/** @file The words of a text as BERT's normalizer and pre-tokenizer make them, counted. */
import { alignedText } from '../../backends/bert/aligned-text.js';
import { type BertNormalizerSettings, normalizeBert } from '../../backends/bert/bert-normalizer.js';
import { bertWord } from '../../backends/bert/unicode.js';
import { detached, longestWord, WordCounts } from '../word-counts.js';

/** Longer pieces are data, no text: each counts as one word that is too long, unseen. Normalizing takes 1 s a MB. */
const longestPiece = 1 << 14;

/** Different pieces that are collected before they are normalized. */
const mostPieces = 1 << 20;

// Cuts that BERT makes in any case: white space parts words, each of these punctuation marks and ideographs is one.
const marks =
  '!-/:-@\\[-`{-~\\u2010-\\u2027\\u3001-\\u3003\\u3008-\\u3011\\uff01-\\uff03\\uff05-\\uff0a\\uff0c-\\uff0f';
const ideographs = '\\u3400-\\u4dbf\\u4e00-\\u9fff';
const pieces = new RegExp(`[^ \\t\\n\\r${marks}]+|[${marks}]`, 'gu');
const piecesByIdeograph = new RegExp(`[^ \\t\\n\\r${marks}${ideographs}]+|[${marks}${ideographs}]`, 'gu');

/**
 * Counts BERT's words. A text is cut roughly into pieces, equal pieces are normalized once: most words of a text came
 * before, and the normalizer looks at one character at a time, so the words are those of the whole text.
 */
export class BertWordCounter {
  private readonly words = new WordCounts();
  private readonly collected = new Map<string, number>();
  private readonly pattern: RegExp;

  constructor(private readonly settings: BertNormalizerSettings) {
    this.pattern = (settings.handle_chinese_chars ?? true) ? piecesByIdeograph : pieces;
  }

  add(text: string): void {
    for (const [piece] of text.matchAll(this.pattern)) {
      const count = this.collected.get(piece);
      if (count !== undefined) this.collected.set(piece, count + 1);
      else if (piece.length > longestPiece) this.words.tooLong++;
      else if (piece.length > longestWord) this.normalize(piece, 1);
      else {
        if (this.collected.size >= mostPieces) this.normalizeCollected();
        this.collected.set(detached(piece), 1);
      }
    }
  }

  finish(): WordCounts {
    this.normalizeCollected();
    return this.words;
  }

  private normalizeCollected(): void {
    for (const [piece, count] of this.collected) this.normalize(piece, count);
    this.collected.clear();
  }

  private normalize(piece: string, count: number): void {
    const { text } = normalizeBert(alignedText(piece), this.settings);
    for (const [word] of text.matchAll(bertWord)) this.words.add(word, count);
  }
}
