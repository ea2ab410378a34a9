/** @file Examples in windows: so many at a time go through a model, sorted by length among each other. */

/** How large a window may be: by whichever limit is reached first. */
export interface WindowLimits {
  readonly examples: number;
  /** The sum of the examples' sizes; a window holds one example at least. */
  readonly size: number;
}

/**
 * Windows of examples that a model predicts; a text's size is its length in UTF-16 units. Large enough that sorting by
 * length leaves little padding, small enough that little memory is taken, and little lost when the command is killed. Of the
 * short questions of banking77, with batches of 32, padding makes 2.7 % more tokens (512 examples: 14 %; all at once: 0.5 %).
 */
export const predictionWindow: WindowLimits = { examples: 4096, size: 1 << 20 };

/**
 * Cuts a stream into windows. Where they are cut depends on the examples alone, not on how the stream groups them: what a
 * model says of an example in its window is the same to the last bit each time.
 */
export async function* windows<Example>(
  groups: AsyncIterable<readonly Example[]>,
  sizeOf: (example: Example) => number,
  limits: WindowLimits,
): AsyncGenerator<Example[]> {
  let window: Example[] = [];
  let size = 0;
  for await (const group of groups) {
    for (const example of group) {
      window.push(example);
      size += sizeOf(example);
      if (window.length < limits.examples && size < limits.size) continue;
      yield window;
      window = [];
      size = 0;
    }
  }
  if (window.length > 0) yield window;
}
