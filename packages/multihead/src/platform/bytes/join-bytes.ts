/** @file Bytes that come in pieces, as one. */

/**
 * Pieces one after the other; of one piece, the piece itself.
 *
 * @example
 * joinBytes([Uint8Array.of(1, 2), Uint8Array.of(3)])   // Uint8Array [1, 2, 3]
 */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
