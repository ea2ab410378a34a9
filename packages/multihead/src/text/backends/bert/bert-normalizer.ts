/** @file BERT's normalizer, keeping where each character came from: the order of steps of Hugging Face's BertNormalizer. */
import { type AlignedText, replaceCharacters } from './aligned-text.js';
import { isIdeograph, isInvisible, isMark, isWhiteSpace } from './unicode.js';

/** Settings of tokenizer.json's normalizer of type BertNormalizer. */
export interface BertNormalizerSettings {
  /** Control characters out, and every white space a blank. */
  readonly clean_text?: boolean;
  /** Blanks around Chinese characters, so that each is a word. */
  readonly handle_chinese_chars?: boolean;
  /** Accents off; null: where `lowercase` is on. */
  readonly strip_accents?: boolean | null;
  readonly lowercase?: boolean;
}

/**
 * Normalizes a text as BERT does.
 *
 * @example
 * normalizeBert(alignedText('Café'), {}).text   // 'cafe'
 */
export function normalizeBert(original: AlignedText, settings: BertNormalizerSettings): AlignedText {
  const { clean_text = true, handle_chinese_chars = true, strip_accents = null, lowercase = true } = settings;
  let result = original;
  if (clean_text) result = replaceCharacters(result, clean);
  if (handle_chinese_chars) result = replaceCharacters(result, (c) => (isIdeograph(c) ? ` ${c} ` : c));
  if (strip_accents ?? lowercase) result = replaceCharacters(decompose(result), (c) => (isMark(c) ? '' : c));
  // By the character, as Rust does it: a whole text's toLowerCase() would make ς of the Σ at the end of a word.
  if (lowercase) result = replaceCharacters(result, (c) => c.toLowerCase());
  return result;
}

const clean = (character: string): string => {
  if (isInvisible(character)) return '';
  return isWhiteSpace(character) ? ' ' : character;
};

/**
 * Accented letters as letter and accents (NFD). Accents in a row are brought into their order without their places: most
 * are taken off next, and where the few that stay (Hangul tone marks) were moved, their places are those of neighbours.
 */
function decompose(text: AlignedText): AlignedText {
  const { text: parts, origins } = replaceCharacters(text, (character) => character.normalize('NFD'));
  return { text: parts.normalize('NFD'), origins };
}
