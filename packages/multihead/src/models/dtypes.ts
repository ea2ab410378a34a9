/**
 * @file The registry of number formats that a model's weights can have in a graph. A new one is a row here. It names its passes,
 * so that commands list the formats without loading the code that rewrites graphs.
 */

import type { DeviceName } from '../engine/devices/registry.js';
import type { PassName } from '../onnx/quantize/passes.js';
import { UserError } from '../platform/errors.js';
import { likelyName } from '../platform/option-names.js';

/** A number format of weights. */
export interface Dtype {
  /** What it is, for help. */
  readonly description: string;
  /** What the name of its ONNX file ends with, as transformers.js has it: `onnx/model_quantized.onnx`. */
  readonly suffix: string;
  /**
   * The largest relative error of a file's outputs: the norm of their difference from the model's, by the norm of the model's.
   * Of float32, kernels add in another order; what the others lose is measured in docs/deploy.md.
   */
  readonly bound: number;
  /** Devices that have its operators. Default: all. */
  readonly devices?: readonly DeviceName[];
  /** How a graph of float32 is rewritten, in this order. */
  readonly passes: readonly PassName[];
}

/** The number formats by name. */
export const dtypes = {
  fp32: { description: 'float32', suffix: '', bound: 1e-4, passes: [] },
  fp16: { description: 'float16', suffix: '_fp16', bound: 0.01, passes: ['inFloat16'] },
  q8: { description: '8 bits', suffix: '_quantized', bound: 0.1, devices: ['cpu'], passes: ['int8ByRow'] },
  int8: {
    description: "8 bits with one scale for a batch's activations, the usual recipe",
    suffix: '_int8',
    bound: 0.2,
    devices: ['cpu'],
    passes: ['int8ByBatch'],
  },
  q4: { description: '4 bits in blocks of 32', suffix: '_q4', bound: 0.35, passes: ['int4Matrices'] },
  q4f16: {
    description: '4 bits, the rest float16',
    suffix: '_q4f16',
    bound: 0.35,
    passes: ['int4Matrices', 'inFloat16'],
  },
} satisfies Readonly<Record<string, Dtype>>;

/**
 * The name of a number format: `fp32`; `fp16`; `q8` with matrices of 8 bits, `int8` with those of the usual recipe, whose answers
 * depend on the other texts of a batch; `q4` with matrices of 4 bits, `q4f16` with float16 besides.
 */
export type DtypeName = keyof typeof dtypes;

/** The names of all number formats. */
export const dtypeNames = Object.keys(dtypes) as readonly DtypeName[];

/** The formats as help lists them: `fp32 (float32), q8 (8 bits)`. */
export const dtypeHelp = Object.entries<Dtype>(dtypes)
  .map(([name, { description }]) => `${name} (${description})`)
  .join(', ');

/**
 * Looks up a number format by name.
 *
 * @throws UserError for a name that none has
 */
export function dtypeNamed(name: string): Dtype {
  if (Object.hasOwn(dtypes, name)) return dtypes[name as DtypeName];
  const likely = likelyName(name, dtypeNames);
  throw new UserError(
    `there is no dtype "${name}"; there are: ${dtypeNames.join(', ')}${likely ? `. Did you mean ${likely}?` : ''}`,
  );
}
