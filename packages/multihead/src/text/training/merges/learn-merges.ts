/**
 * @file Byte pair encoding (Sennrich et al. 2016): the most frequent pair of neighbouring tokens becomes a token, again
 * and again. The algorithm, and which of equally frequent pairs comes first, are those of Hugging Face's BpeTrainer.
 */
import { MergeQueue, type Pair } from './merge-queue.js';
import type { SymbolWords } from './symbol-words.js';

/** What merging starts from, and where it ends. */
export interface MergeSettings {
  /** Tokens that there are to be in the end. There are fewer where no pair is left. */
  readonly vocabSize: number;
  /** Rarer pairs are not merged. */
  readonly minFrequency: number;
  /** What the token made of two others is called. */
  readonly join: (left: string, right: string) => string;
  /** Is told how many tokens there are, every hundred. */
  readonly onProgress?: ((tokens: number) => void) | undefined;
}

/** Two tokens that become one, by their numbers. */
export type Merge = readonly [left: number, right: number];

/** A pair with what makes merging fast: the words to look at are known, all others stay untouched. */
interface KnownPair extends Pair {
  /** Words in which the pair came about by the last merge; the queue gets them with the pair. */
  fresh: number[] | undefined;
}

/**
 * Learns merges.
 *
 * @param words  every word as token numbers; they are merged in place
 * @param tokens the tokens by number; new ones are added at the end
 * @returns the merges in the order in which a tokenizer applies them
 * @example
 * const words = new SymbolWords(new Map([['ab', 2], ['abc', 1]]), (word) => [...word].map((c) => 'abc'.indexOf(c)));
 * learnMerges(words, ['a', 'b', 'c'], { vocabSize: 5, minFrequency: 1, join: (a, b) => a + b });   // [[0, 1], [3, 2]]
 */
export function learnMerges(words: SymbolWords, tokens: string[], settings: MergeSettings): Merge[] {
  const { vocabSize, minFrequency, join, onProgress } = settings;
  const numbers = new Map(tokens.map((token, number) => [token, number]));
  const pairs = new Map<number, KnownPair>();
  const stride = Math.max(vocabSize, tokens.length); // a pair's key is left * stride + right
  const queue = new MergeQueue();
  let touched: KnownPair[] = [];

  const change = (left: number, right: number, count: number, word: number): void => {
    const key = left * stride + right;
    let pair = pairs.get(key);
    if (!pair) {
      pair = { left, right, count: 0, fresh: undefined };
      pairs.set(key, pair);
    }
    pair.count += count;
    if (count < 0) return;
    if (!pair.fresh) {
      pair.fresh = [word];
      touched.push(pair);
    } else if (pair.fresh[pair.fresh.length - 1] !== word) pair.fresh.push(word);
  };
  const enqueueTouched = (): void => {
    for (const pair of touched) {
      if (pair.count > 0) queue.push({ pair, count: pair.count, words: pair.fresh as number[] });
      pair.fresh = undefined;
    }
    touched = [];
  };

  words.forEachPair(change);
  enqueueTouched();
  // A pair can be merged twice, when its left or right token came about in two ways; the later place counts.
  const merges = new Map<number, Merge>();
  while (numbers.size < vocabSize) {
    const entry = queue.pop();
    if (!entry) break;
    const { left, right, count } = entry.pair;
    if (entry.count !== count) {
      queue.push({ ...entry, count });
      continue;
    }
    if (count < Math.max(1, minFrequency)) break;
    const token = join(tokens[left] as string, tokens[right] as string);
    let merged = numbers.get(token);
    if (merged === undefined) {
      merged = tokens.push(token) - 1;
      numbers.set(token, merged);
      if (merged % 100 === 0) onProgress?.(numbers.size);
    }
    const key = left * stride + right;
    merges.delete(key);
    merges.set(key, [left, right]);
    for (const word of entry.words) words.merge(word, { left, right, merged }, change);
    enqueueTouched();
  }
  return [...merges.values()];
}
