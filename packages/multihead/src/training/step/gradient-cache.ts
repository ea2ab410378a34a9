/**
 * @file The gradient cache (Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup").
 *
 *     pass 1:  vectors of each part                                   nothing of the model's states is kept
 *              loss of all vectors V, and G = d loss / d V            a small graph
 *     pass 2:  for each part, the gradients of sum(vectors * G)       the same dropout masks as in pass 1
 *
 * By the chain rule, the sum over parts of the last is the gradient of the loss.
 */
import type { Engine, TensorValue, Values } from '../../engine/engine.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import { dropoutSeedName, type Traced, traceTraining } from '../../nn/training-mode.js';
import { type OnnxModel, writeModel } from '../../onnx/model.js';
import type { CachedLoss } from '../../tasks/cached-loss.js';
import { input } from '../../tensor/factories.js';
import { gradient } from '../../tensor/gradient.js';
import type { GraphTarget } from '../../tensor/operator.js';
import type { Dimension } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The names of the graphs in the engine. */
export const cacheGraphs = { vectors: 'vectors of a part', loss: 'loss of vectors' };

const gradientsName = 'vector_gradients';

/** The parts of a step's batches, and what the loss of each batch is. */
export interface CachedParts {
  readonly parts: readonly Values[];
  readonly loss: number;
}

/** The graphs of a cached loss. */
export class GradientCache {
  /** The graph whose gradients are those of a part: sum(vectors * G). */
  readonly part: Traced<Tensor>;
  /** The graph of the loss and of its gradients by the vectors. */
  readonly lossGraph: OnnxModel;
  private readonly vectorsGraph: OnnxModel;

  constructor(
    private readonly cached: CachedLoss,
    model: PretrainedModel,
    target: GraphTarget,
  ) {
    // The same modules are called in the same order in both traces, so that each dropout has the same number.
    const vectors = traceTraining(() => cached.vectors(model)).result;
    const size = vectors.shape[1] as Dimension;
    this.vectorsGraph = writeModel({ vectors }, { target });
    this.part = traceTraining(() => {
      const own = cached.vectors(model);
      return own.mul(input(gradientsName, 'float32', own.shape)).sum();
    });
    const all = input('vectors', 'float32', [cached.columns, 'batch_size', size]);
    const loss = cached.loss(all);
    const [gradients] = gradient(loss, [all]) as [Tensor];
    this.lossGraph = writeModel({ loss, gradients }, { target });
  }

  /** Loads the graphs of the first pass. */
  async load(engine: Engine): Promise<void> {
    await engine.load(cacheGraphs.vectors, this.vectorsGraph);
    await engine.load(cacheGraphs.loss, this.lossGraph);
  }

  /**
   * The first pass over the batches of a step: the inputs of the second one, whose average over all parts is the step's gradient.
   *
   * @param seedOf the dropout seed of a part, by its number in the step
   */
  async parts(engine: Engine, batches: readonly Values[], seedOf: (part: number) => TensorValue): Promise<CachedParts> {
    const cut = batches.map((batch) => this.cached.cut(batch));
    const count = cut.reduce((sum, { length }) => sum + length, 0);
    const parts: Values[] = [];
    let loss = 0;
    for (const [b, ofBatch] of cut.entries()) {
      const first = parts.length;
      const seeded = ofBatch.map((part, i): Values => ({ ...part, [dropoutSeedName]: seedOf(first + i) }));
      const results = await this.lossOf(engine, batches[b] as Values, seeded);
      loss += results.loss / batches.length;
      let row = 0;
      for (const [i, part] of seeded.entries()) {
        const { length, size } = results.rows[i] as { length: number; size: number };
        const data = results.gradients.slice(row * size, (row + length) * size);
        // The engine averages over all parts; the loss is the mean over the batches.
        for (let j = 0; j < data.length; j++) data[j] = ((data[j] as number) * count) / batches.length;
        parts.push({ ...part, [gradientsName]: { dtype: 'float32', shape: [length, size], data } });
        row += length;
      }
    }
    return { parts, loss };
  }

  private async lossOf(engine: Engine, batch: Values, parts: readonly Values[]) {
    const found: TensorValue[] = [];
    for (const part of parts) found.push((await engine.run(cacheGraphs.vectors, part)).vectors as TensorValue);
    const rows = found.map(({ shape }) => ({ length: shape[0] as number, size: shape[1] as number }));
    const size = rows[0]?.size as number;
    const all = new Float32Array(found.reduce((sum, { data }) => sum + data.length, 0));
    let offset = 0;
    for (const { data } of found) {
      all.set(data as Float32Array, offset);
      offset += data.length;
    }
    const { columns } = this.cached;
    const shape = [columns, all.length / size / columns, size];
    const labels = this.lossGraph.inputs.flatMap(({ name }) => (batch[name] ? [[name, batch[name]] as const] : []));
    const vectors: TensorValue = { dtype: 'float32', shape, data: all };
    const { loss, gradients } = await engine.run(cacheGraphs.loss, { ...Object.fromEntries(labels), vectors });
    return {
      rows,
      loss: Number((loss as TensorValue).data[0]),
      gradients: (gradients as TensorValue).data as Float32Array,
    };
  }
}
