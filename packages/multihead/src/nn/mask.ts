/** @file Additive attention masks: 0 where a position may be seen, the lowest float32 where it may not. */

import { tensor } from '../tensor/factories.js';
import { range } from '../tensor/operators/sources.js';
import type { Dimension } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';

/** Hugging Face hides with the lowest finite number, not -inf: a row that sees nothing then averages, and is no NaN. */
const hidden = -3.4028234663852886e38;

/** attentionMask [batch, memory], 1 for tokens and 0 for padding -> [batch, 1, 1, memory]. */
export function paddingMask(attentionMask: Tensor): Tensor {
  return attentionMask.equal(0).where(hidden, 0).unsqueeze(1).unsqueeze(1);
}

/** No position sees a later one: [1, 1, sequence, sequence]. */
export function causalMask(sequence: Dimension): Tensor {
  const positions = range([], { size: sequence });
  const later = positions.unsqueeze(0).greater(positions.unsqueeze(1));
  return later.where(tensor(hidden), 0).unsqueeze(0).unsqueeze(0);
}
