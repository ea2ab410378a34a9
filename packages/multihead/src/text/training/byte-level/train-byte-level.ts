/** @file Merges for GPT-2's byte-level BPE, learned from counted words as Hugging Face's BpeTrainer learns them. */

import { learnMerges, type Merge } from '../merges/learn-merges.js';
import { SymbolWords } from '../merges/symbol-words.js';
import type { VocabularySettings } from '../word-piece/train-word-piece.js';
import { byteCharacters } from './byte-alphabet.js';

/**
 * Learns the vocabulary: special tokens, the 256 bytes in the order of their characters' code points, then merges.
 *
 * @param words how often each word occurs, as text; unpaired surrogates become U+FFFD
 * @returns tokens in the order of their numbers, and the merges in the order in which they are applied
 */
export function byteLevelVocabulary(
  words: ReadonlyMap<string, number>,
  { specialTokens, vocabSize, minFrequency, onProgress }: Omit<VocabularySettings, 'limitAlphabet'>,
): { tokens: string[]; merges: Merge[] } {
  const tokens = [...new Set([...specialTokens, ...byteCharacters.toSorted()])];
  const numbers = new Map(tokens.map((token, number) => [token, number]));
  const numberOfByte = byteCharacters.map((character) => numbers.get(character) as number);
  const encoder = new TextEncoder();
  const symbolWords = new SymbolWords(words, (word) =>
    Array.from(encoder.encode(word), (byte) => numberOfByte[byte] as number),
  );
  const join = (left: string, right: string) => left + right;
  return { tokens, merges: learnMerges(symbolWords, tokens, { vocabSize, minFrequency, join, onProgress }) };
}
