/** @file Whole numbers up to 2^53 as little endian uint64, as files hold them. */

/** @returns 8 bytes a number */
export function packUint64(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const halves = new Uint32Array(2 * values.length);
  for (const [i, value] of values.entries()) {
    halves[2 * i] = value % 2 ** 32;
    halves[2 * i + 1] = Math.floor(value / 2 ** 32);
  }
  return new Uint8Array(halves.buffer);
}

/** @param bytes 8 a number */
export function unpackUint64(bytes: Uint8Array<ArrayBuffer>): Float64Array {
  const halves = new Uint32Array(bytes.slice().buffer); // a copy begins where four bytes do
  const values = new Float64Array(halves.length / 2);
  for (let i = 0; i < values.length; i++) {
    values[i] = (halves[2 * i] as number) + (halves[2 * i + 1] as number) * 2 ** 32;
  }
  return values;
}
