/** @file Changes a model's weights to another number format, to compute with. */

import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type DtypeName, dtypeNamed } from '../dtypes.js';
import { modelInputs } from './model.js';
import type { PretrainedModel } from './pretrained.js';

/** Options of {@link quantize}. */
export interface QuantizeOptions {
  /** The number format of the weights. */
  readonly dtype: DtypeName;
}

const optionNames = namesOf<QuantizeOptions>({ dtype: true });

/**
 * Changes a model's weights to another number format, in place: it then computes what a file of the same dtype that
 * `exportModel` writes does. The float32 weights are freed, so that the model can no longer be trained or saved. An adapter
 * is merged. `fp32` changes nothing.
 *
 * @throws UserError for an unknown dtype, and for a model whose weights have another number format already
 * @example
 * const model = await AutoModelForMaskedLM.fromPretrained('models/mini');
 * await quantize(model, { dtype: 'q8' });
 */
export async function quantize(model: PretrainedModel, options: QuantizeOptions): Promise<void> {
  checkOptionNames(options, optionNames, 'quantize');
  const { dtype } = options;
  dtypeNamed(dtype);
  if (dtype === model.weights.dtype) return;
  model.weights.checkFloat32();
  if (model.adapters.active !== undefined) await model.adapters.mergeAndUnload();
  await model.weights.quantize(dtype, graphsOf(model));
}

/** The outputs of the graphs that a model has: a computation of another kind reads the parameters as one of them does. */
function graphsOf(model: PretrainedModel): Record<string, Tensor>[] {
  const { decodingOutputs } = model as Partial<{ decodingOutputs(): Record<string, Tensor> }>;
  const decoding = decodingOutputs ? [decodingOutputs.call(model)] : [];
  return [{ ...model.forward(modelInputs()).scores }, ...decoding];
}
