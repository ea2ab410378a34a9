/** @file A reduction over the engines of one process: they meet in shared memory. For tests; not part of the package. */
import type { GradientReduction } from '../engine/distributed/reduction.js';

/** Who meets, and where. */
export interface AverageOptions {
  readonly memory: SharedArrayBuffer;
  readonly rank: number;
  readonly engines: number;
}

/** Memory in which so many engines meet with so many gradients each. */
export const meetingPlace = (engines: number, gradients: number): SharedArrayBuffer =>
  new SharedArrayBuffer(8 + 8 * engines + 4 * engines * gradients);

/** The mean over the engines, summed in the order of their ranks. */
export function createReduction({ memory, rank, engines }: AverageOptions): GradientReduction {
  const [arrived, round] = [0, 1];
  const meeting = new Int32Array(memory, 0, 2);
  const losses = new Float64Array(memory, 8, engines);
  const all = new Float32Array(memory, 8 + 8 * engines);

  /** Waits until every engine has come here. */
  function meet(): void {
    const now = Atomics.load(meeting, round);
    if (Atomics.add(meeting, arrived, 1) === engines - 1) {
      Atomics.store(meeting, arrived, 0);
      Atomics.add(meeting, round, 1);
      Atomics.notify(meeting, round);
    } else while (Atomics.load(meeting, round) === now) Atomics.wait(meeting, round, now);
  }

  return {
    reduce(gradients, loss) {
      const { length } = gradients;
      all.set(gradients, rank * length);
      losses[rank] = loss;
      meet();
      gradients.fill(0);
      for (let engine = 0; engine < engines; engine++) {
        for (let i = 0; i < length; i++) gradients[i] = (gradients[i] as number) + (all[engine * length + i] as number);
      }
      for (let i = 0; i < length; i++) gradients[i] = (gradients[i] as number) / engines;
      const mean = losses.reduce((sum, value) => sum + value, 0) / engines;
      meet(); // nobody writes the next step's before all have read this one's
      return mean;
    },
  };
}
