/** @file Weights of a step's micro-batches in the means of the loss. */
import type { Engine, TensorValue, Values } from '../../engine/engine.js';
import type { TracedMean } from '../../nn/training-mode.js';
import { type OnnxModel, writeModel } from '../../onnx/model.js';
import type { GraphTarget } from '../../tensor/operator.js';

/** The graph's name in the engine. */
const name = 'counts of the loss';

/**
 * The shares of micro-batches in a loss's means.
 *
 * A mean over all n micro-batches is the sum of their own means, each times c / C: what is counted in it, and in all of
 * them. The engine averages micro-batches, which divides by n; so the share is n c / C. It is 1 if all counts are
 * equal.
 */
export class LossShares {
  private readonly graph: OnnxModel;
  private loading: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly means: readonly TracedMean[],
    target: GraphTarget,
  ) {
    this.graph = writeModel(Object.fromEntries(means.map(({ share, count }) => [share, count])), { target });
  }

  /** Returns the shares of each micro-batch, as inputs of the training graph; none for a single one. */
  async of(microBatches: readonly Values[]): Promise<Values[]> {
    if (microBatches.length < 2 || this.means.length === 0) return microBatches.map(() => ({}));
    this.loading ??= this.engine.load(name, this.graph);
    await this.loading;
    const counts: Record<string, number>[] = [];
    for (const batch of microBatches) counts.push(await this.count(batch));
    const totals = this.means.map(({ share }) => counts.reduce((sum, count) => sum + (count[share] as number), 0));
    return counts.map((count) =>
      Object.fromEntries(
        this.means.map(({ share }, i): [string, TensorValue] => {
          const total = totals[i] as number;
          const value = total > 0 ? (microBatches.length * (count[share] as number)) / total : 1;
          return [share, { dtype: 'float32', shape: [], data: Float32Array.of(value) }];
        }),
      ),
    );
  }

  /**
   * Returns the count of each mean in a batch. Only the inputs that are counted go to the engine: labels, not texts.
   */
  private async count(batch: Values): Promise<Record<string, number>> {
    const counted = this.graph.inputs.flatMap(({ name }) => (batch[name] ? [[name, batch[name]] as const] : []));
    const results = await this.engine.run(name, Object.fromEntries(counted));
    return Object.fromEntries(Object.entries(results).map(([share, { data }]) => [share, Number(data[0])]));
  }
}
