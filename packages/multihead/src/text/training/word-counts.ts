/** @file How often each word occurs in a text of any length, in bounded memory. */

/** Longer words, in UTF-16 units, teach nothing: they are data or noise, and no token comes near that length. */
export const longestWord = 256;

/** The most different words that are kept at a time. Natural text of 1 GB has about 5 million. */
const usualLimit = 1 << 22;

/**
 * Counts words. When there are more than `limit` different ones, those that came once are forgotten, then those that came
 * twice, and so on until at most half are left (as word2vec does it): frequent words stay, and their counts are short by
 * less than what the rarest that stayed have. Which words are forgotten depends on their order alone.
 */
export class WordCounts {
  /** By word; in the order in which the words first came. */
  readonly counts = new Map<string, number>();
  /** Words that were not counted, being longer than 256 UTF-16 units. */
  tooLong = 0;
  /** Different words that were forgotten for want of room. */
  forgotten = 0;

  constructor(private readonly limit = usualLimit) {}

  add(word: string, count = 1): void {
    if (word.length > longestWord) {
      this.tooLong += count;
      return;
    }
    const before = this.counts.get(word);
    if (before !== undefined) this.counts.set(word, before + count);
    else {
      if (this.counts.size >= this.limit) this.forgetRare();
      this.counts.set(detached(word), count);
    }
  }

  private forgetRare(): void {
    const before = this.counts.size;
    for (let rarest = 1; this.counts.size > this.limit / 2; rarest++) {
      for (const [word, count] of this.counts) if (count <= rarest) this.counts.delete(word);
    }
    this.forgotten += before - this.counts.size;
  }
}

/** A copy that does not keep the text alive which the word was cut out of, as V8's slices of 13 units and more do. */
export const detached = (word: string): string => (word.length < 13 ? word : ` ${word}`.slice(1));
