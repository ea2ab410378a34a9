/** @file Spaces that a tokenizer of word pieces puts before punctuation, taken away again, as Transformers does. */

/** What stands before and after, in this order. */
const pairs = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const;

/**
 * Takes the spaces away before punctuation marks and within English contractions (`clean_up_tokenization` of Transformers).
 *
 * @example
 * cleanUpSpaces("i ' m fine , thanks"); // "i'm fine, thanks"
 */
export const cleanUpSpaces = (text: string): string =>
  pairs.reduce((cleaned, [apart, together]) => cleaned.replaceAll(apart, together), text);

/**
 * Whether decoding does so where nothing else is said: as tokenizer_config.json says. Not with BPE, whose spaces are those of
 * the text; there Transformers ignores the setting.
 */
export const cleansUp = (config: Readonly<Record<string, unknown>>, modelType: unknown): boolean =>
  config.clean_up_tokenization_spaces === true && modelType !== 'BPE';
