/**
 * @file Reproducible random numbers: counter-based seeds, and a generator for what a seed begins.
 *
 * Everything random in Multihead comes from here: the same seed gives the same numbers on every machine.
 */

/** SplitMix64's finalizer (Steele, Lea and Flood 2014): a well mixed 64-bit number for each counter. */
export function mix64(counter: bigint): bigint {
  let z = BigInt.asUintN(64, (counter + 1n) * 0x9e3779b97f4a7c15n);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

/** A seed for one purpose out of a seed for all: the same parts give the same seed, others another. */
export function deriveSeed(seed: number, ...parts: readonly (string | number)[]): bigint {
  let state = mix64(BigInt(Math.trunc(seed)));
  for (const part of parts) {
    for (const char of `${part}`) state = mix64(state ^ BigInt(char.codePointAt(0) as number));
    state = mix64(state ^ 0x1ffffffn); // where one part ends and the next begins
  }
  return state;
}

/** The generator sfc32 (Doty-Humphrey, PractRand): 32 random bits a call. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: bigint) {
    this.a = Number(seed & 0xffffffffn) | 0;
    this.b = Number((seed >> 32n) & 0xffffffffn) | 0;
    this.c = Number(mix64(seed) & 0xffffffffn) | 0;
    for (let i = 0; i < 12; i++) this.bits();
  }

  /** 32 random bits, as an unsigned number. */
  bits(): number {
    const result = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + result;
    this.c |= 0;
    return result >>> 0;
  }

  /** Uniform in (0, 1). */
  uniform(): number {
    return (this.bits() + 0.5) / 2 ** 32;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.uniform() * limit);
  }

  /** Fills with draws from N(0, deviation), by Box and Muller's method. */
  fillNormal(values: Float32Array, deviation: number): void {
    for (let i = 0; i < values.length; i += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(this.uniform()));
      const angle = 2 * Math.PI * this.uniform();
      values[i] = radius * Math.cos(angle);
      if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
    }
  }

  /** Fills with draws from the uniform distribution over (-bound, bound). */
  fillUniform(values: Float32Array, bound: number): void {
    for (let i = 0; i < values.length; i++) values[i] = bound * (2 * this.uniform() - 1);
  }

  /** Puts a list in random order, in place (Fisher and Yates). */
  shuffle<Item>(items: Item[]): Item[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j] as Item, items[i] as Item];
    }
    return items;
  }
}
