/** @file An optimizer applied to a model: its state in memory, and its steps over all trainable parameters. */
import type { OptimizerState, ParameterPlace, StepSettings, TensorValue } from '../engine.js';
import type { FloatBlock, Optimizer, OptimizerContext } from './optimizer.js';
import type { OptimizerKernel } from './optimizer-kernel.js';
import { aligned, type StateLayout, stateLayout } from './state-tensors.js';
import { type Stretch, stretchesOf } from './stretches.js';
import type { VisitedRows } from './visited-rows.js';

/** A trainable parameter: its position among all parameters, and the offset of its gradient among the gradients. */
export interface LearningParameter {
  readonly place: ParameterPlace;
  readonly offset: number;
  /** Whether weight decay applies. */
  readonly decay: boolean;
  /** The number of its group in {@link StepSettings.groups}. */
  readonly group: number;
  /** Of a table whose gradient comes in rows: the rows that have had one so far. */
  readonly visited?: VisitedRows;
}

/** What a step is to a group. */
export const groupStep = ({ groups }: StepSettings, group: number) => groups?.[group] ?? { rate: 1, since: 0 };

/** Elements of each kind of state. */
export const stateLengths = (optimizer: Optimizer, learning: readonly LearningParameter[]): number[] =>
  layoutsOf(optimizer, learning).map(([, { total }]) => total);

const layoutsOf = ({ state }: Optimizer, learning: readonly LearningParameter[]): [string, StateLayout][] =>
  Object.entries(state).map(([name, shapeOf]) => [
    name,
    stateLayout(
      name,
      shapeOf,
      learning.map(({ place }) => place),
    ),
  ]);

/** An optimizer with its state. */
export class AppliedOptimizer {
  private steps = 0;
  private readonly kinds: readonly {
    readonly name: string;
    readonly layout: StateLayout;
    readonly buffer: FloatBlock;
  }[];
  private readonly stretches: readonly Stretch[];

  /** @param learning in the order of their offsets; the kernel has room for {@link stateLengths} */
  constructor(
    private readonly optimizer: Optimizer,
    private readonly kernel: OptimizerKernel,
    private readonly parameters: FloatBlock,
    private readonly learning: readonly LearningParameter[],
  ) {
    this.kinds = layoutsOf(optimizer, learning).map(([name, layout]) => ({
      name,
      layout,
      buffer: kernel.allocate(layout.total),
    }));
    this.stretches = stretchesOf(learning, optimizer.scope);
  }

  /** One update, in place. The gradients are multiplied by the scale first. */
  step(gradients: FloatBlock, settings: StepSettings, gradientScale: number): void {
    this.steps += 1;
    for (const stretch of this.stretches) {
      const { rate, since } = groupStep(settings, stretch.group);
      if (rate === 0) continue;
      const step = this.steps - since;
      const context: OptimizerContext = {
        step,
        learningRate: (this.optimizer.ownRate?.(step) ?? settings.learningRate) * rate,
        weightDecay: stretch.decay ? settings.weightDecay : 0,
        gradientScale,
        loops: this.kernel,
      };
      if (this.optimizer.scope === 'elements') this.stepElements(stretch, gradients, context);
      else this.stepParameter(stretch, gradients, context);
    }
  }

  private stepElements(stretch: Stretch, gradients: FloatBlock, context: OptimizerContext): void {
    const { length, visited } = stretch;
    const { optimizer } = this;
    const whole = [{ start: 0, length, visited: true }];
    for (const run of (optimizer.stepUntouched && visited?.runs()) || whole) {
      const part = (buffer: FloatBlock, offset: number) =>
        buffer.subarray(offset + run.start, offset + run.start + run.length);
      const parameters = part(this.parameters, stretch.parameterOffset);
      if (!run.visited) {
        if (optimizer.stepUntouched?.(parameters, context)) continue;
        visited?.addAll();
      }
      const at = stretch.gradientOffset;
      const state = Object.fromEntries(this.kinds.map(({ name, buffer }) => [name, part(buffer, at)]));
      optimizer.step({ parameters, gradients: part(gradients, at), state, shape: [run.length] }, context);
    }
  }

  private stepParameter(stretch: Stretch, gradients: FloatBlock, context: OptimizerContext): void {
    const { parameterOffset, gradientOffset, length, first, visited } = stretch;
    const part = (buffer: FloatBlock, offset: number, size: number) => buffer.subarray(offset, offset + size);
    const state: Record<string, FloatBlock> = {};
    for (const { name, layout, buffer } of this.kinds) {
      const tensor = layout.tensors[first];
      if (tensor) state[name] = part(buffer, tensor.offset, aligned(tensor.length));
    }
    this.optimizer.step(
      {
        parameters: part(this.parameters, parameterOffset, length),
        gradients: part(gradients, gradientOffset, length),
        state,
        shape: (this.learning[first] as LearningParameter).place.shape,
        ...(visited && { runs: visited.runs() }),
      },
      context,
    );
  }

  /** Returns a copy of the state, by checkpoint names. */
  read(): OptimizerState {
    const tensors: Record<string, TensorValue> = {};
    for (const { layout, buffer } of this.kinds) {
      for (const tensor of layout.tensors) {
        if (!tensor) continue;
        const { name, shape, offset, length } = tensor;
        tensors[name] = { dtype: 'float32', shape, data: buffer.slice(offset, offset + length) };
      }
    }
    return { steps: this.steps, tensors };
  }

  /** Restores saved state. */
  write({ steps, tensors }: OptimizerState): void {
    this.steps = steps;
    for (const { layout, buffer } of this.kinds) {
      for (const [i, tensor] of layout.tensors.entries()) {
        if (!tensor) continue;
        const { name, offset, length } = tensor;
        const data = tensors[name]?.data;
        if (data?.length !== length) throw new Error(`internal: the optimizer's state lacks ${name} [${tensor.shape}]`);
        buffer.set(data as Float32Array, offset);
        if (this.optimizer.scope === 'elements') this.learning[i]?.visited?.addNonZero(data as Float32Array);
      }
    }
  }
}
