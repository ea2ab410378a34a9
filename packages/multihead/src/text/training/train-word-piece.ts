/** @file A vocabulary for BERT's WordPiece, learned from counted words as Hugging Face's WordPieceTrainer learns it. */
import { UserError } from '../../errors.js';
import { alphabetOf } from './alphabet.js';
import { learnMerges } from './learn-merges.js';
import { SymbolWords } from './symbol-words.js';

/** Marks a token that does not begin a word. */
const prefix = '##';

/** How a vocabulary is learned. */
export interface VocabularySettings {
  readonly vocabSize: number;
  readonly minFrequency: number;
  readonly limitAlphabet: number;
  readonly specialTokens: readonly string[];
  /** Is told how many tokens there are. */
  readonly onProgress?: ((tokens: number) => void) | undefined;
}

/**
 * Learns the vocabulary: special tokens, characters, characters that continue a word (`##e`), then merges of tokens.
 * Characters beyond the alphabet's limit are left out of their words, as Hugging Face does it.
 *
 * @param words how often each word occurs
 * @returns tokens in the order of their numbers
 * @throws UserError where special tokens and characters alone are more than `vocabSize`
 */
export function wordPieceVocabulary(words: ReadonlyMap<string, number>, settings: VocabularySettings): string[] {
  const { specialTokens, limitAlphabet, vocabSize, minFrequency, onProgress } = settings;
  const alphabet = alphabetOf(words, limitAlphabet);
  const known = new Set(alphabet);
  const continuing = new Set<string>();
  const kept = [...words].map(([word, count]) => {
    const characters = [...word].map((character, index) => (index === 0 ? character : `${prefix}${character}`));
    const symbols = characters.filter((symbol, index) => known.has(index === 0 ? symbol : symbol.slice(prefix.length)));
    for (const symbol of symbols) if (!known.has(symbol)) continuing.add(symbol);
    return { symbols, count };
  });
  const inOrder = alphabet.map((character) => `${prefix}${character}`).filter((symbol) => continuing.has(symbol));
  const tokens = [...new Set([...specialTokens, ...alphabet, ...inOrder])];
  if (tokens.length > vocabSize) {
    throw new UserError(
      `a vocabulary of ${vocabSize} tokens has no room for ${specialTokens.length} special tokens, ${alphabet.length} ` +
        `characters and ${inOrder.length} characters that continue a word. Raise the vocabulary size (--vocab-size) to ` +
        `more than ${tokens.length}, or lower the limit of the alphabet (--limit-alphabet).`,
    );
  }
  const numbers = new Map(tokens.map((token, number) => [token, number]));
  const asNumbers = kept.map(
    ({ symbols, count }) => [symbols.map((symbol) => numbers.get(symbol) as number), count] as const,
  );
  const join = (left: string, right: string) => left + (right.startsWith(prefix) ? right.slice(prefix.length) : right);
  learnMerges(new SymbolWords(asNumbers), tokens, { vocabSize, minFrequency, join, onProgress });
  return tokens;
}
