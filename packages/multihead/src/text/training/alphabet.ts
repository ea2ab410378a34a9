/** @file The characters that a vocabulary begins with. */

/**
 * The most frequent characters of words.
 *
 * @param words how often each word occurs
 * @param limit the most characters; Infinity for all. Of equally frequent ones those with lower code points are kept.
 * @returns characters (code points) in the order of their code points
 * @example
 * alphabetOf(new Map([['ab', 2], ['c', 1]]), 2)   // ['a', 'b']
 */
export function alphabetOf(words: Iterable<readonly [word: string, count: number]>, limit: number): string[] {
  const counts = new Map<number, number>();
  for (const [word, count] of words) {
    for (const character of word) {
      const code = character.codePointAt(0) as number;
      counts.set(code, (counts.get(code) ?? 0) + count);
    }
  }
  return [...counts]
    .sort(([codeA, a], [codeB, b]) => b - a || codeA - codeB)
    .slice(0, limit)
    .map(([code]) => code)
    .sort((a, b) => a - b)
    .map((code) => String.fromCodePoint(code));
}
