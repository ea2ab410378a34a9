/** @file How likely a causal language model finds the tokens of a text, computed in the graph: one number a token. */

import type { TensorValue } from '../../engine/engine.js';
import type { CausalLanguageModel } from '../../models/causal/causal-language-model.js';
import { int64 } from '../../tasks/collate.js';
import { input } from '../../tensor/factories.js';

/**
 * Natural logarithms of the probabilities of the tokens from `first` on, each given all before it.
 *
 * The head is computed for the positions that are asked for only, and their scores stay in the engine.
 *
 * @param tokenIds no more than the model has positions
 * @param first    from 1: nothing comes before the token 0 that it could be guessed from
 * @returns as many numbers as there are tokens from `first` on
 */
export async function tokenLogLikelihoods(
  model: CausalLanguageModel,
  tokenIds: readonly number[],
  first: number,
): Promise<Float32Array> {
  const count = tokenIds.length - first;
  const inputs = {
    input_ids: int64(tokenIds, [1, tokenIds.length]),
    positions: int64(
      Array.from({ length: count }, (_, i) => first - 1 + i),
      [count],
    ),
    labels: int64(tokenIds.slice(first), [count]),
  };
  const build = () => {
    const inputIds = input('input_ids', 'int64', ['batch_size', 'sequence_length']);
    const hidden = model.forwardHidden({ inputIds }); // [1, sequence, hiddenSize]
    const rows = hidden.reshape([-1, model.config.hiddenSize]).gather(input('positions', 'int64', ['positions']));
    const logProbabilities = model.decode(rows).logSoftmax(-1); // [positions, vocabulary]
    const labels = input('labels', 'int64', ['positions']).unsqueeze(-1);
    return { log_likelihoods: logProbabilities.gatherLast(labels).squeeze(-1) };
  };
  const { log_likelihoods } = await model.weights.run('token-log-likelihoods', build, inputs);
  return (log_likelihoods as TensorValue).data as Float32Array;
}
