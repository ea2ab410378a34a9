/** @file A matrix of float32 as int8, with a scale for each row or each column. */

/** The names of a quantized matrix in a graph. */
export interface QuantizedMatrix {
  /** int8, in the matrix's own layout. */
  readonly values: string;
  /** float32, one for each row or column. */
  readonly scales: string;
}

/** The sizes of a matrix, and whether its scales are those of rows or of columns. */
export interface MatrixForm {
  readonly rows: number;
  readonly columns: number;
  readonly byRows: boolean;
}

/**
 * Symmetric quantization: value = scale * integer, integers from -127 to 127, the scale being that of the largest element of
 * the row (or column).
 *
 * @param floats row by row
 */
export function int8Rows(
  floats: Float32Array,
  { rows, columns, byRows }: MatrixForm,
): { integers: Uint8Array<ArrayBuffer>; scales: Float32Array<ArrayBuffer> } {
  const scales = new Float32Array(byRows ? rows : columns);
  const scaleAt = (i: number): number => (byRows ? Math.floor(i / columns) : i % columns);
  for (const [i, value] of floats.entries()) {
    const at = scaleAt(i);
    scales[at] = Math.max(scales[at] as number, Math.abs(value));
  }
  for (const [i, largest] of scales.entries()) scales[i] = largest / 127;
  const integers = new Int8Array(floats.length);
  for (const [i, value] of floats.entries()) {
    const scale = scales[scaleAt(i)] as number;
    integers[i] = scale === 0 ? 0 : Math.max(-127, Math.min(127, Math.round(value / scale)));
  }
  return { integers: new Uint8Array(integers.buffer), scales };
}
