/** @file The incremental algorithm against the plain one, which counts all pairs anew for each merge. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { learnMerges, type Merge } from './learn-merges.js';
import { SymbolWords } from './symbol-words.js';

const join = (left: string, right: string) => left + right;
const letters = 'abcdefgh';
const symbolsOf = (word: string) => [...word].map((letter) => letters.indexOf(letter));

function learn(words: ReadonlyMap<string, number>, vocabSize: number, minFrequency: number) {
  const tokens = [...letters];
  const merges = learnMerges(new SymbolWords(words, symbolsOf), tokens, { vocabSize, minFrequency, join });
  return { tokens, merges };
}

/** Counts all pairs of all words for each merge. */
function plain(words: ReadonlyMap<string, number>, vocabSize: number, minFrequency: number) {
  const tokens = [...letters];
  const merges: Merge[] = [];
  let all = [...words].map(([word, count]) => ({ symbols: symbolsOf(word), count }));
  while (tokens.length < vocabSize) {
    const counts = new Map<string, number>();
    for (const { symbols, count } of all) {
      for (let at = 1; at < symbols.length; at++) {
        const pair = `${symbols[at - 1]} ${symbols[at]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + count);
      }
    }
    const [best] = [...counts]
      .map(([pair, count]) => ({ pair: pair.split(' ').map(Number) as [number, number], count }))
      .sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    if (!best || best.count < minFrequency) break;
    const [left, right] = best.pair;
    const merged = tokens.push(join(tokens[left] as string, tokens[right] as string)) - 1;
    merges.push([left, right]);
    all = all.map(({ symbols, count }) => {
      const result: number[] = [];
      for (let at = 0; at < symbols.length; at++) {
        const isPair = symbols[at] === left && symbols[at + 1] === right;
        result.push(isPair ? merged : (symbols[at] as number));
        if (isPair) at++;
      }
      return { symbols: result, count };
    });
  }
  return { tokens, merges };
}

// Without a letter twice in a row, no token comes about in two ways, which the plain algorithm has no answer to.
const word = fc.shuffledSubarray([...letters], { minLength: 1 }).map((subset) => subset.join(''));
const words = fc.array(fc.tuple(word, fc.integer({ min: 1, max: 20 })), { minLength: 1 }).map((list) => new Map(list));

test('finds the merges that counting anew finds', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 8, max: 30 }), fc.integer({ min: 1, max: 30 }), (words, size, frequency) => {
      expect(learn(words, size, frequency)).toEqual(plain(words, size, frequency));
    }),
    { numRuns: 500 },
  );
});

test('Sennrich et al. 2016: repeated letters are merged from the front', () => {
  // aa: 3 of aaaa (overlapping, as Hugging Face counts them), then aa aa.
  expect(learn(new Map([['aaaa', 2]]), 10, 2)).toEqual({
    tokens: [...letters, 'aa', 'aaaa'],
    merges: [
      [0, 0],
      [8, 8],
    ],
  });
});

test('ends where no pair is frequent enough, or there is none', () => {
  expect(learn(new Map([['ab', 2]]), 100, 3).merges).toEqual([]);
  expect(learn(new Map([['a', 5]]), 100, 1).merges).toEqual([]);
  expect(learn(new Map([['abc', 1]]), 100, 0).merges).toEqual([
    [0, 1],
    [8, 2],
  ]);
});
