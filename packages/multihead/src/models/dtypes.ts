/** @file The registry of number formats that a model's weights can have in a graph. A new one is a row here. */

import type { OnnxModel } from '../onnx/model.js';
import type { ParameterForms } from '../onnx/parameter-forms.js';
import { int8ByRow } from '../onnx/quantize/int8-matrices.js';
import { type GraphPass, rewriteGraph } from '../onnx/quantize/rewrite-graph.js';
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
   * Of float32, kernels add in another order; 8 bits lose 1 to 5 % (docs/deploy.md).
   */
  readonly bound: number;
  /** How a graph of float32 is rewritten, in this order. */
  readonly passes: readonly GraphPass[];
}

/** The number formats by name. */
export const dtypes = {
  fp32: { description: 'float32', suffix: '', bound: 1e-4, passes: [] },
  q8: { description: '8 bits', suffix: '_quantized', bound: 0.1, passes: [int8ByRow] },
} satisfies Readonly<Record<string, Dtype>>;

/** The name of a number format: `fp32`, or `q8` with matrices of 8 bits. */
export type DtypeName = keyof typeof dtypes;

/** The names of all number formats. */
export const dtypeNames = Object.keys(dtypes) as readonly DtypeName[];

/** What help says of them: `fp32 (float32), q8 (8 bits)`. */
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

/** A graph of float32 in a number format: its `parameters` are constants of the forms, and no inputs. */
export const inDtype = (model: OnnxModel, name: DtypeName, parameters: ParameterForms): OnnxModel =>
  rewriteGraph(model, dtypeNamed(name).passes, parameters);
