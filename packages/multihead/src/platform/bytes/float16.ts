/**
 * @file Half-precision numbers to float32 and back, exactly: IEEE 754 binary16 (float16) and bfloat16.
 *
 * Widening is exact. Narrowing rounds to the nearest, ties to even, as the hardware does.
 */

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** All 65,536 values of float16, made when first asked for: a look-up is faster than taking each number apart. */
let table: Float32Array | undefined;

function float16Table(): Float32Array {
  if (table) return table;
  const values = new Float32Array(1 << 16);
  for (let half = 0; half < values.length; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) values[half] = sign * fraction * 2 ** -24;
    else if (exponent < 31) values[half] = sign * (1024 + fraction) * 2 ** (exponent - 25);
    else values[half] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  }
  table = values;
  return values;
}

/** Widens float16 numbers, given by their bits. `into` has as many elements. */
export function widenFloat16(halves: Uint16Array, into = new Float32Array(halves.length)): Float32Array {
  const values = float16Table();
  for (let i = 0; i < halves.length; i++) into[i] = values[halves[i] as number] as number;
  return into;
}

/** Widens bfloat16 numbers, given by their bits: they are the upper half of a float32. */
export function widenBfloat16(halves: Uint16Array, into = new Float32Array(halves.length)): Float32Array {
  const words = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < halves.length; i++) words[i] = (halves[i] as number) << 16;
  return into;
}

/** Narrows numbers to the bits of float16. What is too large becomes infinite. */
export function narrowToFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, float16Bits);
}

/** Narrows numbers to the bits of bfloat16. */
export function narrowToBfloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(values, (x) => {
    value[0] = x;
    const word = bits[0] as number;
    if (Number.isNaN(x)) return (word >>> 16) | 0x40;
    return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  });
}

function float16Bits(x: number): number {
  value[0] = x;
  const word = bits[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = Math.abs(x);
  if (Number.isNaN(x)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00; // halfway between the largest float16 and the next power of two
  if (magnitude < 2 ** -14) return sign | roundHalfEven(magnitude * 2 ** 24);
  const exponent = ((word >>> 23) & 0xff) - 127;
  const fraction = roundHalfEven(magnitude * 2 ** (10 - exponent)) - 1024; // may reach 1024, and then carries over
  return sign | (((exponent + 15) << 10) + fraction);
}

function roundHalfEven(x: number): number {
  const whole = Math.floor(x);
  const rest = x - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}
