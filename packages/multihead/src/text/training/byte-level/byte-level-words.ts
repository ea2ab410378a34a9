/** @file The words of a text as GPT-2's pre-tokenizer makes them, counted. */
import { WordCounts } from '../word-counts.js';

/**
 * GPT-2's rule (Radford et al. 2019, in OpenAI's encoder.py) as a regular expression that Rust and JavaScript understand
 * alike: English contractions; letters, digits, or other characters, each with a space before them if there is one; white
 * space, of which the last character is left to what follows. White space is named by its Unicode property, as `\s` is
 * another set in JavaScript (it has U+FEFF, and has not U+0085).
 */
export const byteLevelPattern =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\p{White_Space}\\p{L}\\p{N}]+" +
  '|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+';

const word = new RegExp(byteLevelPattern, 'gu');

/** Counts GPT-2's words. */
export class ByteLevelWordCounter {
  private readonly words = new WordCounts();

  add(text: string): void {
    for (const [match] of text.matchAll(word)) this.words.add(match);
  }

  finish(): WordCounts {
    return this.words;
  }
}
