/** @file An optimizer by itself: parameters and gradients are given, no model is there. */
import { AppliedOptimizer, type LearningParameter, stateLengths } from '../engine/optimizers/applied-optimizer.js';
import type { FloatBlock, Optimizer } from '../engine/optimizers/optimizer.js';
import { OptimizerKernel } from '../engine/optimizers/optimizer-kernel.js';
import { aligned } from '../engine/optimizers/state-tensors.js';
import { VisitedRows } from '../engine/optimizers/visited-rows.js';

/** A parameter, and what it is to the optimizer. */
export interface HarnessParameter {
  readonly shape: readonly number[];
  readonly values: readonly number[] | Float32Array;
  readonly decay?: boolean;
  readonly group?: number;
  /** Whether its gradient comes in rows. */
  readonly isTable?: boolean;
}

/** Parameters named p0, p1, ... under an optimizer. */
export class OptimizerHarness {
  readonly applied: AppliedOptimizer;
  private readonly learning: readonly LearningParameter[];
  private readonly data: FloatBlock;
  private readonly gradients: FloatBlock;

  /** @param isInside whether the buffers lie in the kernel's memory, as those of small models do */
  constructor(optimizer: Optimizer, parameters: readonly HarnessParameter[], { isInside = true } = {}) {
    let total = 0;
    this.learning = parameters.map(({ shape, values, decay = true, group = 0, isTable }, i) => {
      const offset = total;
      const { length } = values;
      total += aligned(length);
      const visited = isTable && new VisitedRows(aligned(length), shape.at(-1) as number);
      return { place: { name: `p${i}`, shape, offset, length }, offset, decay, group, ...(visited && { visited }) };
    });
    const lengths = [total, total, ...stateLengths(optimizer, this.learning)];
    const kernel = OptimizerKernel.create(isInside ? lengths : []);
    this.data = kernel.allocate(total);
    this.gradients = kernel.allocate(total);
    for (const [i, { place }] of this.learning.entries()) {
      this.data.set((parameters[i] as HarnessParameter).values, place.offset);
    }
    this.applied = new AppliedOptimizer(optimizer, kernel, this.data, this.learning);
  }

  /** One step; gradients are those of the parameters, in their order. */
  step(
    gradients: readonly (readonly number[] | Float32Array)[],
    settings: Partial<Parameters<AppliedOptimizer['step']>[1]>,
    gradientScale = 1,
  ): void {
    for (const [i, { place, visited }] of this.learning.entries()) {
      const gradient = Float32Array.from(gradients[i] ?? []);
      this.gradients.set(gradient, place.offset);
      visited?.addNonZero(gradient);
    }
    this.applied.step(
      this.gradients,
      { learningRate: 1e-2, weightDecay: 0, maxGradNorm: 0, ...settings },
      gradientScale,
    );
  }

  /** A copy of a parameter. */
  read(number: number): Float32Array {
    const { offset, length } = (this.learning[number] as LearningParameter).place;
    return this.data.slice(offset, offset + length);
  }
}
