import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { narrowToBfloat16, narrowToFloat16, widenBfloat16, widenFloat16 } from './float16.js';

const every = Uint16Array.from({ length: 1 << 16 }, (_, i) => i);
const isNaN16 = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
const isNaNBrain = (bits: number) => (bits & 0x7f80) === 0x7f80 && (bits & 0x7f) !== 0;

describe('half precision', () => {
  test('every float16 widens and narrows back to itself', () => {
    const back = narrowToFloat16(widenFloat16(every));
    for (const bits of every) if (!isNaN16(bits)) expect(back[bits]).toBe(bits);
    expect(widenFloat16(Uint16Array.of(0x3c00, 0x0001, 0x7bff, 0xfc00))).toEqual(
      Float32Array.of(1, 2 ** -24, 65504, Number.NEGATIVE_INFINITY),
    );
  });

  test('every bfloat16 widens and narrows back to itself', () => {
    const back = narrowToBfloat16(widenBfloat16(every));
    for (const bits of every) if (!isNaNBrain(bits)) expect(back[bits]).toBe(bits);
  });

  test('narrowing takes the nearest, and of two equally near the even one', () => {
    const narrowings = [
      [narrowToFloat16, widenFloat16],
      [narrowToBfloat16, widenBfloat16],
    ] as const;
    for (const [narrow, widen] of narrowings) {
      fc.assert(
        fc.property(fc.float({ noNaN: true, min: -60000, max: 60000 }), (x) => {
          const [bits] = narrow(Float32Array.of(x)) as unknown as [number];
          const around = widen(Uint16Array.of(bits - 1, bits, bits + 1));
          const distance = Array.from(around, (y) => Math.abs(y - x)).map((d) =>
            Number.isNaN(d) ? Number.POSITIVE_INFINITY : d,
          );
          const [below, here, above] = distance as [number, number, number];
          if (x === 0) return;
          expect(here).toBeLessThanOrEqual(Math.min(below, above));
          if (here === below || here === above) expect(bits % 2).toBe(0);
        }),
        { numRuns: 2000 },
      );
    }
  });

  test('what is no number stays none', () => {
    expect(widenFloat16(narrowToFloat16(Float32Array.of(Number.NaN)))[0]).toBeNaN();
    expect(widenBfloat16(narrowToBfloat16(Float32Array.of(Number.NaN)))[0]).toBeNaN();
    expect(widenFloat16(narrowToFloat16(Float32Array.of(1e6)))[0]).toBe(Number.POSITIVE_INFINITY);
  });
});
