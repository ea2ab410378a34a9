/** @file A vocabulary for BERT's WordPiece, learned from counted words as Hugging Face's WordPieceTrainer learns it. */
import { UserError } from '../../../platform/errors.js';
import { alphabetOf } from '../alphabet.js';
import { learnMerges } from '../merges/learn-merges.js';
import { SymbolWords } from '../merges/symbol-words.js';

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
 * Learns the vocabulary: special tokens, characters in the order of their code points, those that continue a word
 * (`##e`) in the same order, then merges of tokens. Characters beyond the alphabet's limit are left out of their words.
 *
 * @param words how often each word occurs
 * @returns tokens in the order of their numbers
 * @throws UserError where special tokens and characters alone are more than `vocabSize`
 */
export function wordPieceVocabulary(words: ReadonlyMap<string, number>, settings: VocabularySettings): string[] {
  const { specialTokens, limitAlphabet, vocabSize, minFrequency, onProgress } = settings;
  const alphabet = alphabetOf(words, limitAlphabet);
  const continuing = alphabetOf(withoutFirst(words), Number.POSITIVE_INFINITY);
  const isKept = new Set(alphabet);
  const tokens = [
    ...new Set([
      ...specialTokens,
      ...alphabet,
      ...continuing.filter((character) => isKept.has(character)).map((character) => prefix + character),
    ]),
  ];
  if (tokens.length > vocabSize) {
    throw new UserError(
      `a vocabulary of ${vocabSize} tokens has no room for ${specialTokens.length} special tokens and ` +
        `${alphabet.length} characters, most of them twice: as a word's first and, with ${prefix}, inside of words. Raise ` +
        `the vocabulary size (\`vocabSize\`) to more than ${tokens.length}, or lower the limit of the alphabet ` +
        '(`limitAlphabet`).',
    );
  }
  const numbers = new Map(tokens.map((token, number) => [token, number]));
  const numberIn = (beginning: string) =>
    new Map(alphabet.map((character) => [character, numbers.get(beginning + character)]));
  const [first, inside] = [numberIn(''), numberIn(prefix)];
  const symbolWords = new SymbolWords(words, function* (word) {
    let numbersHere = first;
    for (const character of word) {
      const number = numbersHere.get(character);
      numbersHere = inside;
      if (number !== undefined) yield number;
    }
  });
  const join = (left: string, right: string) => left + (right.startsWith(prefix) ? right.slice(prefix.length) : right);
  learnMerges(symbolWords, tokens, { vocabSize, minFrequency, join, onProgress });
  return tokens;
}

/** The words without their first character. */
function* withoutFirst(words: ReadonlyMap<string, number>): Generator<[string, number]> {
  for (const [word, count] of words) yield [word.slice((word.codePointAt(0) as number) > 0xffff ? 2 : 1), count];
}
