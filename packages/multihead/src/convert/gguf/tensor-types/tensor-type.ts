/** @file The contract of a type of tensors: numbers in blocks of bytes, and how they become float32. */

/** A type of tensors. A new one is a row of a table here and one in registry.ts. */
export interface TensorType {
  /** ggml's name: `Q4_K`. */
  readonly name: string;
  /** Numbers of a block. */
  readonly blockSize: number;
  /** Bytes of a block. */
  readonly blockBytes: number;
  /** Writes the numbers of whole blocks. */
  widen(bytes: DataView, into: Float32Array): void;
}

/**
 * A type whose blocks are widened one by one.
 *
 * @param block writes the numbers of the block whose bytes begin at `at` to `into`, from `to` on
 */
export const blockType = (
  name: string,
  blockSize: number,
  blockBytes: number,
  block: (bytes: DataView, at: number, into: Float32Array, to: number) => void,
): TensorType => ({
  name,
  blockSize,
  blockBytes,
  widen(bytes, into) {
    const count = bytes.byteLength / blockBytes;
    for (let i = 0; i < count; i++) block(bytes, i * blockBytes, into, i * blockSize);
  },
});

/** A float16 number of a file, where there are too few for a table. */
export function float16At(bytes: DataView, at: number): number {
  const half = bytes.getUint16(at, true);
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent < 31) return sign * (1024 + fraction) * 2 ** (exponent - 25);
  return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
}
