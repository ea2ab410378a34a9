/** @file The number formats in which weights are written. */
import { narrowToBfloat16, narrowToFloat16 } from '../../platform/bytes/float16.js';

/** The number formats of written weights: safetensors' name, and how float32 numbers become such. */
export const floatFormats = {
  float32: { type: 'F32', narrow: (values: Float32Array<ArrayBuffer>) => values },
  float16: { type: 'F16', narrow: narrowToFloat16 },
  bfloat16: { type: 'BF16', narrow: narrowToBfloat16 },
} as const;

/** The name of a format, as in PyTorch. */
export type FloatName = keyof typeof floatFormats;
