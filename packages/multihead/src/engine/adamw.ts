/**
 * @file AdamW (Loshchilov and Hutter 2019) over flat buffers, in place.
 *
 *   m = b1 m + (1 - b1) g      v = b2 v + (1 - b2) g^2
 *   p = (1 - rate decay) p - rate / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + epsilon)
 *
 * The update is a small graph that ONNX Runtime runs over slices which fit the processor's cache; outputs alias inputs.
 */
import type { InferenceSession } from 'onnxruntime-common';
import { writeModel } from '../onnx/model.js';
import { input } from '../tensor/operators/sources.js';
import type { AdamWStep } from './engine.js';
import type { Runtime, RuntimeTensor } from './runtime.js';

/** A stretch of neighbouring parameters that share a decay: its place among all parameters and among the gradients. */
export interface Stretch {
  readonly parameterOffset: number;
  readonly gradientOffset: number;
  readonly length: number;
  readonly decay: boolean;
}

/** The flat buffers that a step reads and writes; gradients and moments lie alike. */
export interface AdamWBuffers {
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly gradients: Float32Array<ArrayBuffer>;
  readonly firstMoment: Float32Array<ArrayBuffer>;
  readonly secondMoment: Float32Array<ArrayBuffer>;
}

/** Elements of a slice: four buffers of it fit a core's second-level cache. */
const sliceLength = 1 << 17;

const scalarNames = ['clip', 'first', 'second', 'keep', 'correction', 'epsilon', 'rate'] as const;

/** The optimizer: two graphs, for the gradient's length and for the update. */
export class AdamW {
  private constructor(
    private readonly runtime: Runtime,
    private readonly update: InferenceSession,
    private readonly squares: InferenceSession,
  ) {}

  static async create(runtime: Runtime): Promise<AdamW> {
    const vector = (name: string) => input([], { name, dtype: 'float32', shape: ['n'] });
    const scalar = (name: (typeof scalarNames)[number]) => input([], { name, dtype: 'float32', shape: [] });
    const [p, g, m, v] = [vector('p'), vector('g'), vector('m'), vector('v')];
    const clipped = g.mul(scalar('clip'));
    const first = m.add(clipped.sub(m).mul(scalar('first')));
    const second = v.add(clipped.mul(clipped).sub(v).mul(scalar('second')));
    const scaled = first.div(second.sqrt().mul(scalar('correction')).add(scalar('epsilon')));
    const updated = p.mul(scalar('keep')).sub(scaled.mul(scalar('rate')));
    const update = writeModel({ pOut: updated, mOut: first, vOut: second });
    const squares = writeModel({ sum: g.mul(g).sum() });
    return new AdamW(runtime, await runtime.createSession(update.bytes), await runtime.createSession(squares.bytes));
  }

  /** Euclidean norm of a buffer. Slices are summed in float32, the slices' sums in float64. */
  async norm(buffer: Float32Array<ArrayBuffer>): Promise<number> {
    let total = 0;
    for (let start = 0; start < buffer.length; start += sliceLength) {
      const slice = buffer.subarray(start, start + sliceLength);
      const { sum } = await this.squares.run({ g: this.vector(slice) });
      total += Number((sum as RuntimeTensor).data[0]);
    }
    return Math.sqrt(total);
  }

  /**
   * One update.
   *
   * @param step counts from 1
   * @param gradientScale the gradients are multiplied by this first (clipping, averaging)
   */
  async step(
    buffers: AdamWBuffers,
    stretches: readonly Stretch[],
    settings: AdamWStep,
    step: number,
    gradientScale: number,
  ): Promise<void> {
    const { learningRate, beta1, beta2, epsilon, weightDecay } = settings;
    for (const { parameterOffset, gradientOffset, length, decay } of stretches) {
      const scalars: Record<(typeof scalarNames)[number], number> = {
        clip: gradientScale,
        first: 1 - beta1,
        second: 1 - beta2,
        keep: decay ? 1 - learningRate * weightDecay : 1,
        correction: 1 / Math.sqrt(1 - beta2 ** step),
        epsilon,
        rate: learningRate / (1 - beta1 ** step),
      };
      const fixed = Object.fromEntries(scalarNames.map((name) => [name, this.scalar(scalars[name])]));
      for (let start = 0; start < length; start += sliceLength) {
        const count = Math.min(sliceLength, length - start);
        const view = (buffer: Float32Array<ArrayBuffer>, offset: number) =>
          this.vector(buffer.subarray(offset + start, offset + start + count));
        const p = view(buffers.parameters, parameterOffset);
        const m = view(buffers.firstMoment, gradientOffset);
        const v = view(buffers.secondMoment, gradientOffset);
        const g = view(buffers.gradients, gradientOffset);
        await this.update.run({ p, g, m, v, ...fixed }, { pOut: p, mOut: m, vOut: v });
      }
    }
  }

  async release(): Promise<void> {
    await this.update.release();
    await this.squares.release();
  }

  private vector(data: Float32Array): RuntimeTensor {
    return new this.runtime.Tensor('float32', data, [data.length]);
  }

  private scalar(value: number): RuntimeTensor {
    return new this.runtime.Tensor('float32', Float32Array.of(value), []);
  }
}
