/** @file The hook that averages gradients across engines, after micro-batches are accumulated and before the norm. */

/** Averages the gradients of a step across engines. It runs in the engine's worker. */
export interface GradientReduction {
  /**
   * Averages gradients, in place; called once per step.
   *
   * @param gradients gradients of all trainable parameters, concatenated and summed over the engine's micro-batches,
   *   whose number must be the same in each engine; to be replaced by their mean over the engines
   * @param loss      the mean of the engine's micro-batches
   * @returns the mean loss over the engines
   */
  reduce(gradients: Float32Array, loss: number): number | Promise<number>;
}

/**
 * Source of a reduction. Since functions cannot be sent to a worker, it names a module that the worker imports and that
 * exports `createReduction(options)`.
 */
export interface ReductionSource {
  /** The URL of an ES module, such as `new URL('./average.js', import.meta.url).href`. */
  readonly module: string;
  /** Argument of `createReduction`: anything that can be sent to a worker, including shared memory. */
  readonly options?: unknown;
}

/**
 * Imports a reduction.
 *
 * @throws Error where the module exports no `createReduction`
 */
export async function importReduction({ module, options }: ReductionSource): Promise<GradientReduction> {
  const { createReduction } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ module)) as {
    createReduction?: (options: unknown) => GradientReduction | Promise<GradientReduction>;
  };
  if (!createReduction) throw new Error(`reduction: ${module} exports no createReduction(options)`);
  return createReduction(options);
}
