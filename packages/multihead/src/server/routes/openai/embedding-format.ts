/** @file Vectors as OpenAI's clients want them. */

/** float32, little-endian, as base64. */
export const base64Of = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** The first elements of a vector, at length 1; the vector itself where no number is given. */
export function shortened(vector: Float32Array, dimensions: number | undefined): Float32Array {
  if (dimensions === undefined || dimensions === vector.length) return vector;
  const first = vector.slice(0, dimensions);
  const length = Math.hypot(...first);
  return length === 0 ? first : first.map((x) => x / length);
}
