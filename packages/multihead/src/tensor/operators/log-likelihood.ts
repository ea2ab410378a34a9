/**
 * @file The log-probability of one class a row, out of scores: what cross-entropy is made of.
 *
 *   l = x_y - log sum_j exp(x_j)          dx_j = dl ([j = y] - exp(x_j) / sum_k exp(x_k))
 *
 * An operator of its own, since scores over a vocabulary are the largest tensors of a language model: the gradient passes
 * over them three times, where that of a log-softmax and a choice passes seven times.
 */
import { UserError } from '../../platform/errors.js';
import { operator } from '../operator.js';
import { formatShape, sameShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { addLast } from './select.js';
import { writeLogSoftmax } from './softmax.js';

/** Inputs: scores [..., classes], labels [...] int64. Output: [...]. Keeps all log-probabilities for its gradient. */
export const logLikelihood = operator('LogLikelihood', {
  shape: ([scores, labels]) => {
    const [from, at] = [(scores as Tensor).shape, (labels as Tensor).shape];
    if (!sameShape(from.slice(0, -1), at)) {
      throw new UserError(
        `logLikelihood: scores ${formatShape(from)} want labels ${formatShape(from.slice(0, -1))}, not ${formatShape(at)}`,
      );
    }
    return at;
  },
  kept: ([scores]) => [(scores as Tensor).shape],
  onnx: ([scores, labels], _, writer) => {
    const all = writeLogSoftmax(scores as string, -1, writer);
    const last = writer.constant('int64', [1], [-1]);
    const column = writer.node('Unsqueeze', [labels as string, last]);
    const chosen = writer.node('GatherElements', [all, column], { axis: -1 });
    return [writer.node('Squeeze', [chosen, last]), all];
  },
  gradient: ({ inputs: [, labels], outputs: [, all], upstream }) => {
    const share = upstream.unsqueeze(-1);
    const pushedDown = (all as Tensor).exp().mul(share.neg());
    return [addLast([pushedDown, (labels as Tensor).unsqueeze(-1), share], {}), undefined];
  },
});
