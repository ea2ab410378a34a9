/** @file How likely each token of the vocabulary is at hidden places: a masked language model, asked. */
import type { TensorValue, Values } from '../../engine/engine.js';
import { modelInputs } from '../../models/core/model.js';
import type { MaskedLanguageModel } from '../../models/encoder/encoder-heads.js';
import { input } from '../../tensor/factories.js';

/**
 * Runs a batch through the model. The decoder is computed for the places asked for only.
 *
 * @param inputs    `input_ids`, `attention_mask` and `token_type_ids`, int64 [batch, sequence]
 * @param positions int64 [masked], the token at place p of text b being b * sequence + p
 * @returns float32 [masked, vocabulary]; each row sums to 1
 */
export async function maskedProbabilities(
  model: MaskedLanguageModel,
  inputs: Values,
  positions: TensorValue,
): Promise<TensorValue> {
  const build = () => {
    const places = input('masked_positions', 'int64', ['masked']);
    return { probabilities: model.forwardMasked(modelInputs(), places).softmax(-1) };
  };
  const { probabilities } = await model.weights.run('masked probabilities', build, {
    ...inputs,
    masked_positions: positions,
  });
  return probabilities as TensorValue;
}
