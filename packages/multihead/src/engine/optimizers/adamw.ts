/**
 * @file AdamW (Loshchilov and Hutter 2019) over flat buffers.
 *
 *   m = b1 m + (1 - b1) g      v = b2 v + (1 - b2) g^2
 *   p = (1 - rate decay) p - rate / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + epsilon)
 */
import type { AdamWStep, GroupStep } from '../engine.js';
import type { Block, OptimizerKernel } from './optimizer-kernel.js';
import type { VisitedRows } from './visited-rows.js';

/** A stretch of neighbouring parameters that share a decay: its place among all parameters and among the gradients. */
export interface Stretch {
  readonly parameterOffset: number;
  readonly gradientOffset: number;
  readonly length: number;
  readonly decay: boolean;
  /** The number of its group in {@link AdamWStep.groups}. */
  readonly group: number;
  /** Of a table whose gradient comes in rows: the rows that have had one so far. */
  readonly visited?: VisitedRows;
}

/** The flat buffers that a step reads and writes; gradients and moments lie alike. */
export interface AdamWBuffers {
  readonly parameters: Block;
  readonly gradients: Block;
  readonly firstMoment: Block;
  readonly secondMoment: Block;
}

/** What a step is to a group. */
export const groupStep = ({ groups }: AdamWStep, group: number): GroupStep => groups?.[group] ?? { rate: 1, since: 0 };

/**
 * One update, in place.
 *
 * @param step          counts from 1
 * @param gradientScale the gradients are multiplied by this first (clipping, averaging)
 */
export function adamWStep(
  kernel: OptimizerKernel,
  buffers: AdamWBuffers,
  stretches: readonly Stretch[],
  settings: AdamWStep,
  step: number,
  gradientScale: number,
): void {
  const { beta1, beta2, epsilon, weightDecay } = settings;
  for (const { parameterOffset, gradientOffset, length, decay, group, visited } of stretches) {
    const { rate, since } = groupStep(settings, group);
    if (rate === 0) continue;
    const learningRate = settings.learningRate * rate;
    const keep = decay ? 1 - learningRate * weightDecay : 1;
    const scalars = {
      ...{ gradientScale, beta1, beta2, epsilon, keep },
      rate: learningRate / (1 - beta1 ** (step - since)),
      correction: 1 / Math.sqrt(1 - beta2 ** (step - since)),
    };
    for (const run of visited?.runs() ?? [{ start: 0, length, visited: true }]) {
      const part = (buffer: Block, offset: number) =>
        buffer.subarray(offset + run.start, offset + run.start + run.length);
      const parameters = part(buffers.parameters, parameterOffset);
      if (run.visited) {
        const [gradients, first, second] = [buffers.gradients, buffers.firstMoment, buffers.secondMoment];
        kernel.adamW(
          parameters,
          part(gradients, gradientOffset),
          part(first, gradientOffset),
          part(second, gradientOffset),
          scalars,
        );
      } else if (keep !== 1) {
        kernel.scale(parameters, keep);
      }
    }
  }
}
