/** @file The place where gradients of several engines become one: after micro-batches, before the norm. */

/** Combines what one engine has learned in a step with what others have. It works in the engine's worker. */
export interface GradientReduction {
  /**
   * Called once a step.
   *
   * @param gradients of all trainable parameters one after the other, summed over the engine's micro-batches, of which each
   *   engine must have as many; to be replaced, in place, by their mean over the engines
   * @param loss      the mean of the engine's micro-batches
   * @returns the mean loss over the engines
   */
  reduce(gradients: Float32Array, loss: number): number | Promise<number>;
}

/**
 * Where a reduction comes from. Functions cannot be sent to a worker: what is named is a module, which the worker imports
 * and which exports `createReduction(options)`.
 */
export interface ReductionSource {
  /** The URL of an ES module, such as `new URL('./average.js', import.meta.url).href`. */
  readonly module: string;
  /** What its `createReduction` is given: anything that can be sent to a worker, shared memory included. */
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
