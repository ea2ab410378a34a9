/**
 * @file The contract of a loss over the vectors of a whole batch, whose texts go through the model in parts (gradient cache, Gao et
 *   al. 2021): large batches in the memory of small ones, with the same gradients.
 */
import type { Values } from '../engine/engine.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import type { Tensor } from '../tensor/tensor.js';

/** A loss that is computed in two passes: the vectors of all parts, then the gradients of each part by those of its vectors. */
export interface CachedLoss {
  /** Vectors of an example. */
  readonly columns: number;
  /**
   * Cuts a batch into the inputs of parts. Their vectors, one part's after the other, are those of all examples in the first
   * column, then in the second, and so on.
   */
  cut(batch: Values): Values[];
  /** Builds the graph of a part's vectors: [rows, size], float32. */
  vectors(model: PretrainedModel): Tensor;
  /**
   * Builds the graph of the loss.
   *
   * @param vectors [columns, batch_size, size]; labels are graph inputs, by the names of the batch
   */
  loss(vectors: Tensor): Tensor;
}
