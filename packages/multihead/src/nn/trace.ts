/**
 * @file The mode in which a graph is built: for inference, or for training with dropout.
 *
 * A trace gives each dropout of the graph a number, in the order in which they are built, so that their masks differ.
 */
import { input } from '../tensor/factories.js';
import type { Tensor } from '../tensor/tensor.js';

interface Trace {
  readonly seed: Tensor;
  sites: number;
}

let current: Trace | undefined;

/** The name of the graph input that the masks depend on: an int64 scalar, another one for each step. */
export const dropoutSeedName = 'dropout_seed';

/** Builds a graph for training: inside, dropout drops. */
export function traceTraining<Result>(build: () => Result): Result {
  const outer = current;
  current = { seed: input(dropoutSeedName, 'int64', []), sites: 0 };
  try {
    return build();
  } finally {
    current = outer;
  }
}

/** The seed and number of the next dropout, or undefined where the graph is built for inference. */
export function nextDropoutSite(): { seed: Tensor; site: number } | undefined {
  return current && { seed: current.seed, site: current.sites++ };
}
