/**
 * @file The mode in which a graph is built: for inference, or for training with dropout.
 *
 * A trace gives each dropout of the graph a number, in the order in which they are built, so that their masks differ. It
 * also notes over what each mean of the loss is taken, so that micro-batches can count by what they hold, and names the
 * dimensions of batches without padding, whose sizes are known only when the graph runs.
 */
import { input } from '../tensor/factories.js';
import type { Tensor } from '../tensor/tensor.js';

/** A mean that a loss holds. */
export interface TracedMean {
  /** The graph input that the mean is multiplied by: 1 for a whole batch. */
  readonly share: string;
  /** What the mean is taken over, a float32 scalar: how many tokens or examples, or their weights' sum. */
  readonly count: Tensor;
}

/** What a trace found, besides what was built. */
export interface Traced<Result> {
  readonly result: Result;
  readonly means: readonly TracedMean[];
}

interface Trace {
  readonly seed: Tensor;
  readonly means: TracedMean[];
  sites: number;
  tokenDimensions: number;
}

let current: Trace | undefined;

/** The name of the graph input that the masks depend on: an int64 scalar, another one for each step. */
export const dropoutSeedName = 'dropout_seed';

/** Builds a graph for training: inside, dropout drops. */
export function traceTraining<Result>(build: () => Result): Traced<Result> {
  const outer = current;
  const trace: Trace = { seed: input(dropoutSeedName, 'int64', []), means: [], sites: 0, tokenDimensions: 0 };
  current = trace;
  try {
    return { result: build(), means: trace.means };
  } finally {
    current = outer;
  }
}

/** The seed and number of the next dropout, or undefined where the graph is built for inference. */
export function nextDropoutSite(): { seed: Tensor; site: number } | undefined {
  return current && { seed: current.seed, site: current.sites++ };
}

/** A name for the dimension of a batch's tokens without its padding; undefined where the graph is built for inference. */
export function nextTokenDimension(): string | undefined {
  return current && `tokens_${current.tokenDimensions++}`;
}

/** Notes a mean of the loss and gives the share that it is to be multiplied by; undefined where no loss is trained. */
export function nextMeanShare(count: Tensor): Tensor | undefined {
  if (!current) return undefined;
  const share = `loss_share_${current.means.length}`;
  current.means.push({ share, count });
  return input(share, 'float32', []);
}
