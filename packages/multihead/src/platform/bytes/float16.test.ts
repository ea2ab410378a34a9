/** @file Half precision against the formats' definitions: IEEE 754 binary16, and the upper half of a float32. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { narrowToBfloat16, narrowToFloat16, widenBfloat16, widenFloat16 } from './float16.js';

/** A format: sign, `exponentBits` with bias 2^(bits - 1) - 1, `fractionBits`. */
const formats = [
  { name: 'float16', widen: widenFloat16, narrow: narrowToFloat16, exponentBits: 5, fractionBits: 10 },
  { name: 'bfloat16', widen: widenBfloat16, narrow: narrowToBfloat16, exponentBits: 8, fractionBits: 7 },
];

const every = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);

describe.each(formats)('$name', ({ widen, narrow, exponentBits, fractionBits }) => {
  const highest = (1 << exponentBits) - 1;
  const infinity = highest << fractionBits;

  /** The value of bits by the definition of IEEE 754, section 3.4. */
  function numberOf(bits: number): number {
    const sign = bits >> 15 ? -1 : 1;
    const exponent = (bits >> fractionBits) & highest;
    const fraction = (bits & ((1 << fractionBits) - 1)) / 2 ** fractionBits;
    const bias = highest >> 1;
    if (exponent === highest) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
  }

  const bitsOf = (...values: number[]) => [...narrow(Float32Array.from(values))];

  test('all 65,536 values widen as the format is defined', () => {
    const wrong = [...widen(every)].flatMap((value, bits) => (Object.is(value, numberOf(bits)) ? [] : [bits]));
    expect(wrong).toEqual([]);
  });

  test('all of them narrow back to the same bits; what is no number stays none, and keeps its sign', () => {
    const back = narrow(widen(every));
    const isNoNumber = (bits: number) => (bits & 0x7fff) > infinity;
    const wrong = [...every].filter((bits) =>
      isNoNumber(bits) ? !isNoNumber(back[bits] as number) : back[bits] !== bits,
    );
    expect(wrong).toEqual([]);
  });

  test('between each value and the next, the nearer is taken, and in the middle the even one', () => {
    const wrong: number[] = [];
    const float32 = new Float32Array(1);
    const word = new Uint32Array(float32.buffer);
    for (let bits = 0; bits < infinity; bits++) {
      // Behind the largest value comes what would be the next if the exponents went on; from there on it is infinity.
      const next = bits + 1 === infinity ? 2 ** (highest >> 1) * 2 : numberOf(bits + 1);
      const middle = (numberOf(bits) + next) / 2; // exact in float32, but for bfloat16's last
      float32[0] = middle;
      const center = word[0] as number;
      const found = [center - 1, center, center + 1].map((neighbour) => {
        word[0] = neighbour;
        return bitsOf(float32[0] as number)[0];
      });
      const expected = [bits, bits % 2 ? bits + 1 : bits, bits + 1];
      if (String(found) !== String(expected)) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  test('any number narrows to one that no other is nearer to', () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(number, (x) => {
        const [bits = 0] = bitsOf(x);
        const found = bits & 0x7fff;
        const magnitude = Math.abs(x);
        expect(bits >> 15).toBe(x < 0 || Object.is(x, -0) ? 1 : 0);
        if (found === infinity) expect(magnitude).toBeGreaterThan(numberOf(infinity - 1));
        for (const other of [found - 1, found + 1].filter((bits) => found < infinity && bits >= 0 && bits < infinity)) {
          expect(Math.abs(numberOf(found) - magnitude)).toBeLessThanOrEqual(Math.abs(numberOf(other) - magnitude));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('zero keeps its sign, infinity stays infinite', () => {
    expect(bitsOf(0, -0)).toEqual([0, 0x8000]);
    expect(bitsOf(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toEqual([infinity, 0x8000 | infinity]);
  });

  test('widens into an array that is given, wherever it begins', () => {
    const buffer = new Float32Array(4).fill(7);
    expect(widen(narrow(Float32Array.of(1.5, -2)), buffer.subarray(1, 3))).toEqual(Float32Array.of(1.5, -2));
    expect(buffer).toEqual(Float32Array.of(7, 1.5, -2, 7));
  });
});
