/** @file WordPiece: a word as the longest pieces that the vocabulary has, from its front (Wu et al. 2016). */

/** Settings of tokenizer.json's model of type WordPiece. */
export interface WordPieceSettings {
  readonly vocab: Readonly<Record<string, number>>;
  /** The token of words that cannot be made of pieces. */
  readonly unk_token: string;
  /** Before pieces that do not begin a word. Default: `##`. */
  readonly continuing_subword_prefix?: string;
  /** Longer words, in code points, are unknown. Default: 100. */
  readonly max_input_chars_per_word?: number;
}

/** A part of a word. */
export interface WordPart {
  readonly id: number;
  readonly token: string;
  /** UTF-16 units of the word that the part stands for. */
  readonly length: number;
}

/**
 * Makes the model.
 *
 * @returns from a word to its parts, which cover it: one, [UNK], where it cannot be made of pieces
 * @example
 * wordPieceModel({ vocab: { '[UNK]': 0, play: 1, '##ed': 2 }, unk_token: '[UNK]' })('played')   // play, ##ed
 */
export function wordPieceModel(settings: WordPieceSettings): (word: string) => WordPart[] {
  const { unk_token, continuing_subword_prefix: prefix = '##', max_input_chars_per_word: longest = 100 } = settings;
  const vocabulary = new Map(Object.entries(settings.vocab));
  const longestToken = [...vocabulary.keys()].reduce((length, token) => Math.max(length, token.length), 0);

  /** The longest piece of the word that begins at `start`. */
  const pieceAt = (word: string, start: number): WordPart | undefined => {
    for (let end = Math.min(word.length, start + longestToken); end > start; end--) {
      const token = `${start > 0 ? prefix : ''}${word.slice(start, end)}`;
      const id = vocabulary.get(token);
      if (id !== undefined) return { id, token, length: end - start };
    }
    return undefined;
  };

  return (word) => {
    const unknown = [{ id: vocabulary.get(unk_token) as number, token: unk_token, length: word.length }];
    if (word.length > longest && [...word].length > longest) return unknown;
    const parts: WordPart[] = [];
    for (let start = 0; start < word.length; ) {
      const part = pieceAt(word, start);
      if (!part) return unknown;
      parts.push(part);
      start += part.length;
    }
    return parts;
  };
}
