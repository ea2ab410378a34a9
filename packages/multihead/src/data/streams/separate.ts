/** @file Batches without duplicate texts: where texts of other examples are negatives, an equal text would be a false one. */

/** Batches in which an exchange is looked for, for one member. Without this limit and the next, the time would be quadratic. */
const mostTries = 16;
/** Members of a batch without an exchange, after which its other members are not tried. */
const mostFailures = 4;

/** The keys in a batch, each with how often it is there. */
class Keys {
  private readonly counts = new Map<string, number>();

  /** Returns how often the key is there now. */
  add(key: string, by: 1 | -1): number {
    const count = this.count(key) + by;
    this.counts.set(key, count);
    return count;
  }

  count(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  has(key: string): boolean {
    return this.count(key) > 0;
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
  return new Separation(batches, keysOf).separated();
}

class Separation {
  private readonly batches: number[][];
  private readonly held: readonly Keys[];
  private readonly keys = new Map<number, readonly string[]>();
  /** In how many batches each key is. */
  private readonly spread = new Map<string, number>();

  constructor(batches: readonly (readonly number[])[], keysOf: (member: number) => readonly string[]) {
    this.batches = batches.map((batch) => [...batch]);
    this.held = batches.map(() => new Keys());
    for (const [b, batch] of batches.entries()) {
      for (const member of batch) {
        this.keys.set(member, [...new Set(keysOf(member))]);
        this.enter(member, b);
      }
    }
  }

  separated(): number[][] {
    for (const [b, batch] of this.batches.entries()) {
      const before = new Set<string>();
      let failures = 0;
      for (const [i, member] of batch.entries()) {
        const repeated = this.keysOf(member).filter((key) => before.has(key));
        const isTried = repeated.length > 0 && failures < mostFailures;
        const place = isTried ? this.placeFor(member, b, repeated) : undefined;
        if (isTried && !place) failures++;
        if (place) {
          const [c, j] = place;
          const there = this.batches[c] as number[];
          const other = there[j] as number;
          this.move(member, b, c);
          this.move(other, c, b);
          batch[i] = other;
          there[j] = member;
        }
        for (const key of this.keysOf(batch[i] as number)) before.add(key);
      }
    }
    return this.batches;
  }

  private keysOf(member: number): readonly string[] {
    return this.keys.get(member) as readonly string[];
  }

  private enter(member: number, batch: number): void {
    const held = this.held[batch] as Keys;
    for (const key of this.keysOf(member)) {
      if (held.add(key, 1) === 1) this.spread.set(key, (this.spread.get(key) ?? 0) + 1);
    }
  }

  private move(member: number, from: number, to: number): void {
    const left = this.held[from] as Keys;
    for (const key of this.keysOf(member)) {
      if (left.add(key, -1) === 0) this.spread.set(key, (this.spread.get(key) as number) - 1);
    }
    this.enter(member, to);
  }

  /**
   * The nearest batch, and the member there, with which a member can change places.
   *
   * @param repeated its keys that another member of its batch has
   */
  private placeFor(
    member: number,
    from: number,
    repeated: readonly string[],
  ): readonly [batch: number, index: number] | undefined {
    const count = this.batches.length;
    // Where every batch has such a key, whoever makes room for it would bring it back.
    if (repeated.some((key) => this.spread.get(key) === count)) return undefined;
    let tries = 0;
    for (let distance = 1; distance < count && tries < mostTries; distance++) {
      for (const to of [from + distance, from - distance]) {
        const others = this.batches[to];
        if (!others || repeated.some((key) => this.held[to]?.has(key))) continue;
        tries++;
        const index = others.findIndex((other) => this.fits(member, to, other) && this.fits(other, from, member));
        if (index >= 0) return [to, index];
      }
    }
    return undefined;
  }

  /** Whether a member could be in a batch in the place of another. */
  private fits(member: number, batch: number, leaving: number): boolean {
    const held = this.held[batch] as Keys;
    const gone = this.keysOf(leaving);
    return this.keysOf(member).every((key) => held.count(key) === (gone.includes(key) ? 1 : 0));
  }
}
