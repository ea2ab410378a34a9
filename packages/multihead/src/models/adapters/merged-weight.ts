/** @file Merging of an adapter into a layer's weight. */
import type { LoraLinear } from '../../nn/adapters/lora-linear.js';

/** A layer's weight, as stored, and the matrices of its adapter. */
export interface MergeParts {
  readonly weight: Float32Array;
  /** [rank, in] */
  readonly a: Float32Array;
  /** [out, rank] */
  readonly b: Float32Array;
  /** [out], of DoRA. */
  readonly magnitude: Float32Array | undefined;
}

/**
 * W + scaling * B A, in W's layout; with DoRA each row is brought to its learned length.
 *
 * @param layer sizes and layout
 */
export function mergedWeight(
  { inputSize, outputSize, layout }: Pick<LoraLinear, 'inputSize' | 'outputSize' | 'layout'>,
  { rank, scaling }: { readonly rank: number; readonly scaling: number },
  { weight, a, b, magnitude }: MergeParts,
): Float32Array<ArrayBuffer> {
  const [rowStep, columnStep] = layout === 'out-in' ? [inputSize, 1] : [1, outputSize];
  const merged = new Float32Array(weight);
  const row = new Float64Array(inputSize);
  for (let out = 0; out < outputSize; out++) {
    row.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scaling * (b[out * rank + r] as number);
      if (factor === 0) continue;
      const from = r * inputSize;
      for (let i = 0; i < inputSize; i++) row[i] = (row[i] as number) + factor * (a[from + i] as number);
    }
    let squares = 0;
    for (let i = 0; i < inputSize; i++) {
      const value = (weight[out * rowStep + i * columnStep] as number) + (row[i] as number);
      row[i] = value;
      squares += value * value;
    }
    const factor = magnitude ? (magnitude[out] as number) / Math.sqrt(squares) : 1;
    for (let i = 0; i < inputSize; i++) merged[out * rowStep + i * columnStep] = (row[i] as number) * factor;
  }
  return merged;
}

/** The lengths of a weight's rows, with which DoRA begins: [out]. */
export function rowLengths(
  { inputSize, outputSize, layout }: Pick<LoraLinear, 'inputSize' | 'outputSize' | 'layout'>,
  weight: Float32Array,
): Float32Array<ArrayBuffer> {
  const [rowStep, columnStep] = layout === 'out-in' ? [inputSize, 1] : [1, outputSize];
  return Float32Array.from({ length: outputSize }, (_, out) => {
    let squares = 0;
    for (let i = 0; i < inputSize; i++) squares += (weight[out * rowStep + i * columnStep] as number) ** 2;
    return Math.sqrt(squares);
  });
}
