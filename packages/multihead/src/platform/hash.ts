/** @file Non-cryptographic hash of text and numbers: for fingerprints, and for splits that depend on the text alone. */

/**
 * Two lanes of MurmurHash3 (Appleby 2011) over 32-bit numbers, with two seeds and two pairs of multipliers. Fast and well
 * mixed; no protection against intent.
 */
export class Hash {
  private first: number;
  private second: number;
  private count = 0;

  constructor(seed = 0) {
    this.first = seed | 0;
    this.second = finish((seed | 0) ^ 0x9e3779b9);
  }

  /** Adds a whole number, of which the lowest 32 bits count. */
  add(value: number): this {
    this.first = mixInFirst(this.first, value);
    this.second = mixInSecond(this.second, value);
    this.count++;
    return this;
  }

  /** Adds a text: its UTF-16 units and its length. */
  addText(text: string): this {
    let { first, second } = this;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      first = mixInFirst(first, unit);
      second = mixInSecond(second, unit);
    }
    [this.first, this.second] = [first, second];
    this.count += text.length;
    return this.add(text.length);
  }

  /** The hash as 16 hexadecimal digits. */
  toString(): string {
    return this.halves()
      .map((half) => half.toString(16).padStart(8, '0'))
      .join('');
  }

  /** The hash as a number, uniform in [0, 1). */
  toFraction(): number {
    return this.halves()[0] / 2 ** 32;
  }

  private halves(): [number, number] {
    const first = finish(this.first ^ this.count);
    return [first, finish(this.second ^ this.count) ^ first].map((half) => half >>> 0) as [number, number];
  }
}

/** The hash of texts and numbers in their order. */
export function fingerprintOf(...parts: readonly (string | number)[]): string {
  const hash = new Hash();
  for (const part of parts) hash.addText(`${part}`);
  return hash.toString();
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
const mixInFirst = (state: number, value: number): number =>
  mixIn(state, Math.imul(rotate(Math.imul(value, 0xcc9e2d51), 15), 0x1b873593));
const mixInSecond = (state: number, value: number): number =>
  mixIn(state, Math.imul(rotate(Math.imul(value, 0x239b961b), 16), 0xab0e9789));
const mixIn = (state: number, value: number): number => (Math.imul(rotate(state ^ value, 13), 5) + 0xe6546b64) | 0;

/** MurmurHash3's last step: every bit of the state moves every bit of the result. */
function finish(state: number): number {
  let mixed = state;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
