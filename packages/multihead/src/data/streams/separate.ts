/** @file Batches that hold nothing twice: where texts of other examples are negatives, an equal text would be a false one. */

/** The keys in a batch, each with how often it is there. */
class Keys {
  private readonly counts = new Map<string, number>();

  add(keys: readonly string[], by: 1 | -1): void {
    for (const key of keys) this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  has(keys: readonly string[]): boolean {
    return keys.some((key) => (this.counts.get(key) ?? 0) > 0);
  }
}

/**
 * Exchanges members of batches until no two of a batch have a key in common, with the nearest batch where that is possible. The
 * batches keep their sizes. A key that more members have than there are batches stays twice in some.
 *
 * @param batches members of each batch; those of neighbouring batches are of like length
 * @param keysOf  the keys of a member
 * @example
 * separate([[0, 1], [2, 3]], (i) => ['aabc'[i] as string]) // [[0, 2], [1, 3]]
 */
export function separate(
  batches: readonly (readonly number[])[],
  keysOf: (member: number) => readonly string[],
): number[][] {
  const result = batches.map((batch) => [...batch]);
  const held = result.map((batch) => {
    const keys = new Keys();
    for (const member of batch) keys.add(distinct(keysOf(member)), 1);
    return keys;
  });
  const distinctOf = (member: number) => distinct(keysOf(member));
  /** Whether a member could be in a batch in the place of another. */
  const fits = (member: number, batch: number, leaving: number): boolean => {
    const keys = held[batch] as Keys;
    keys.add(distinctOf(leaving), -1);
    const isFree = !keys.has(distinctOf(member));
    keys.add(distinctOf(leaving), 1);
    return isFree;
  };
  for (const [b, batch] of result.entries()) {
    const before = new Set<string>();
    for (const [i, member] of batch.entries()) {
      const keys = distinctOf(member);
      const place = keys.some((key) => before.has(key)) ? placeFor(member, b, result, fits) : undefined;
      if (place) {
        const [c, j] = place;
        const other = (result[c] as number[])[j] as number;
        exchange(held[b] as Keys, held[c] as Keys, keys, distinctOf(other));
        batch[i] = other;
        (result[c] as number[])[j] = member;
      }
      for (const key of distinctOf(batch[i] as number)) before.add(key);
    }
  }
  return result;
}

/** The nearest batch, and the member there, with which a member can change places. */
function placeFor(
  member: number,
  from: number,
  batches: readonly (readonly number[])[],
  fits: (member: number, batch: number, leaving: number) => boolean,
): readonly [batch: number, index: number] | undefined {
  for (let distance = 1; distance < batches.length; distance++) {
    for (const to of [from + distance, from - distance]) {
      const index = (batches[to] ?? []).findIndex((other) => fits(member, to, other) && fits(other, from, member));
      if (index >= 0) return [to, index];
    }
  }
  return undefined;
}

function exchange(here: Keys, there: Keys, ours: readonly string[], theirs: readonly string[]): void {
  here.add(ours, -1);
  here.add(theirs, 1);
  there.add(theirs, -1);
  there.add(ours, 1);
}

const distinct = (keys: readonly string[]): readonly string[] => [...new Set(keys)];
