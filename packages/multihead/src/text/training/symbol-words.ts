/** @file Words as rows of token numbers, all in one array, which shorten as tokens are merged. */

/** The words of a text with how often each occurs. */
export class SymbolWords {
  /** Token numbers of all words, one after the other. */
  readonly symbols: Int32Array;
  /** Where each word begins in `symbols`. */
  readonly starts: Int32Array;
  /** Token numbers that each word has. */
  readonly lengths: Int32Array;
  readonly counts: Float64Array;

  /** @param words each word's token numbers and its count */
  constructor(words: readonly (readonly [symbols: readonly number[], count: number])[]) {
    this.symbols = new Int32Array(words.reduce((sum, [symbols]) => sum + symbols.length, 0));
    this.starts = new Int32Array(words.length);
    this.lengths = new Int32Array(words.length);
    this.counts = new Float64Array(words.length);
    let start = 0;
    for (const [index, [symbols, count]] of words.entries()) {
      this.symbols.set(symbols, start);
      this.starts[index] = start;
      this.lengths[index] = symbols.length;
      this.counts[index] = count;
      start += symbols.length;
    }
  }

  get size(): number {
    return this.starts.length;
  }

  /** Calls `visit` with each two neighbours of each word. */
  forEachPair(visit: (left: number, right: number, count: number, word: number) => void): void {
    for (let word = 0; word < this.size; word++) {
      const start = this.starts[word] as number;
      const end = start + (this.lengths[word] as number);
      const count = this.counts[word] as number;
      for (let at = start + 1; at < end; at++) {
        visit(this.symbols[at - 1] as number, this.symbols[at] as number, count, word);
      }
    }
  }

  /**
   * Merges two neighbours wherever they stand in a word, from its front.
   *
   * @param change is called with every pair that the word has no longer (negative count) or has now; the merged pair
   *   itself is not told
   */
  merge(
    word: number,
    left: number,
    right: number,
    merged: number,
    change: (left: number, right: number, count: number, word: number) => void,
  ): void {
    const { symbols } = this;
    const start = this.starts[word] as number;
    const end = start + (this.lengths[word] as number);
    const count = this.counts[word] as number;
    let to = start;
    for (let from = start; from < end; ) {
      if (symbols[from] !== left || from + 1 === end || symbols[from + 1] !== right) {
        symbols[to++] = symbols[from++] as number;
        continue;
      }
      if (to > start) {
        const previous = symbols[to - 1] as number;
        change(previous, left, -count, word);
        change(previous, merged, count, word);
      }
      if (from + 2 < end) {
        const next = symbols[from + 2] as number;
        change(right, next, -count, word);
        change(merged, next, count, word);
      }
      symbols[to++] = merged;
      from += 2;
    }
    this.lengths[word] = to - start;
  }
}
