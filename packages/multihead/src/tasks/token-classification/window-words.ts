/** @file Selects the window from which a word is tagged, among overlapping ones. */

/** A word, with its first token in a window. */
export type WordStart = readonly [word: number, token: number];

/**
 * The words that each window of a sentence tells. A word that several windows hold is told by the one where more tokens stand
 * on its poorer side, the earlier one of equals; the ends of the sentence are no loss of context. A window that begins within a
 * word tells it only where no other does.
 *
 * @param windows the word of each token of each window; null for special tokens
 * @returns for each window, its words in their order
 * @example
 * wordsOfWindows([[null, 0, 1, 2, null], [null, 1, 2, 3, null]])   // [[[0, 1], [1, 2]], [[2, 2], [3, 3]]]
 */
export function wordsOfWindows(windows: readonly (readonly (number | null)[])[]): WordStart[][] {
  const best = new Map<number, { window: number; token: number; context: number }>();
  for (const [window, wordIds] of windows.entries()) {
    const own = wordIds.flatMap((word, token) => (word === null ? [] : [token]));
    const [first = 0, last = 0] = [own[0], own.at(-1)];
    for (const token of own) {
      const word = wordIds[token] as number;
      if (wordIds[token - 1] === word) continue;
      // Where a window begins, the word may have begun in the one before: its first token is there.
      const before = window === 0 ? Number.POSITIVE_INFINITY : token - first;
      const behind = window === windows.length - 1 ? Number.POSITIVE_INFINITY : last - token;
      const context = Math.min(before, behind);
      if (context > (best.get(word)?.context ?? -1)) best.set(word, { window, token, context });
    }
  }
  const told: WordStart[][] = windows.map(() => []);
  for (const [word, { window, token }] of best) told[window]?.push([word, token]);
  return told;
}
