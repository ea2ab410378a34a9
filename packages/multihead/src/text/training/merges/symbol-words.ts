/** @file Words as rows of token numbers, all in one array, which shorten as tokens are merged. */

/** Called with a pair of neighbouring symbols and the change of its count. */
export type PairChange = (left: number, right: number, count: number, word: number) => void;

/** The words of a text with how often each occurs. */
export class SymbolWords {
  /** Token numbers of all words, one after the other. */
  private readonly symbols: Int32Array;
  /** Where each word begins in `symbols`. */
  private readonly starts: Int32Array;
  /** Token numbers that each word has. */
  private readonly lengths: Int32Array;
  private readonly counts: Float64Array;

  /**
   * @param words     how often each word occurs; a word's number is its place here
   * @param symbolsOf a word's token numbers, no more than three for each of its UTF-16 units
   */
  constructor(words: ReadonlyMap<string, number>, symbolsOf: (word: string) => Iterable<number>) {
    let most = 0;
    for (const word of words.keys()) most += 3 * word.length;
    const symbols = new Int32Array(most);
    this.starts = new Int32Array(words.size);
    this.lengths = new Int32Array(words.size);
    this.counts = Float64Array.from(words.values());
    let end = 0;
    let index = 0;
    for (const word of words.keys()) {
      this.starts[index] = end;
      for (const symbol of symbolsOf(word)) symbols[end++] = symbol;
      this.lengths[index] = end - (this.starts[index] as number);
      index++;
    }
    this.symbols = symbols.slice(0, end);
  }

  /** The token numbers of a word as they are by now. */
  symbolsOf(word: number): number[] {
    const start = this.starts[word] as number;
    return [...this.symbols.subarray(start, start + (this.lengths[word] as number))];
  }

  /** Tells of each two neighbours of each word. */
  forEachPair(visit: PairChange): void {
    for (let word = 0; word < this.starts.length; word++) {
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
   * @param change called with every pair that the word has no longer or has now; not of the merged pair itself
   */
  merge(word: number, { left, right, merged }: { left: number; right: number; merged: number }, change: PairChange) {
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
