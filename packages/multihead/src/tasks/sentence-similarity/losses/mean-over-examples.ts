/** @file The mean of the examples' losses. */
import { countedMean } from '../../../nn/losses/counted-mean.js';
import type { Tensor } from '../../../tensor/tensor.js';

/** The mean of losses, [batch] -> scalar; micro-batches count by the number of their examples. */
export const meanOverExamples = (losses: Tensor, count: Tensor): Tensor => countedMean(count).weigh(losses.mean());
