/**
 * @file The interface of an engine, which runs graphs and holds parameters, gradients and optimizer state.
 *
 * It works in a worker, so that the caller's thread is not blocked. Node: `node/engine.ts`. Both sides of the worker
 * speak in these types (`remote.ts`).
 */
import type { OnnxModel } from '../onnx/model.js';
import type { ConstantBuffer } from '../onnx/parameter-forms.js';
import type { DType, TypedData } from '../tensor/dtype.js';
import type { ReductionSource } from './distributed/reduction.js';
import type { OptimizerChoice } from './optimizers/registry.js';
import type { Moves } from './remote.js';

/** The elements of a tensor in row-major order, and its shape. */
export interface TensorValue {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedData;
}

/** Inputs or outputs of a graph, by name. */
export type Values = Readonly<Record<string, TensorValue>>;

/** Position of a parameter in the flat buffer. Offset and length are in elements, not bytes. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** All parameters of a model: one buffer, and the position of each parameter in it. */
export interface ParameterBuffer {
  readonly data: Float32Array<ArrayBuffer>;
  readonly places: readonly ParameterPlace[];
}

/**
 * Outputs of the training graph with a parameter's gradient. `dense`: the output with the whole gradient. `rows`:
 * outputs with some rows of it (for embeddings) and their indices, or the first rows if no indices are named; they are
 * added to `dense`, or to zero without it.
 */
export interface GradientSource {
  readonly parameter: string;
  /** Whether weight decay applies. */
  readonly decay: boolean;
  /** The number of its group in {@link StepSettings.groups}. */
  readonly group: number;
  readonly dense?: string;
  readonly rows: readonly RowSource[];
}

/** Some rows of a gradient. */
export interface RowSource {
  /** The output or input with the row indices. Default: the first rows. */
  readonly numbers?: string;
  readonly values: string;
  /** Index of a row whose gradient is dropped: the padding row. */
  readonly paddingIndex?: number;
}

/** A training graph: its output `loss`, and the gradient source of each trainable parameter. */
export interface TrainingGraph {
  readonly model: OnnxModel;
  readonly gradients: readonly GradientSource[];
}

/** Settings of a training step that are common to all optimizers. */
export interface StepSettings {
  /** The learning rate. Ignored by optimizers that choose their own ({@link Optimizer.ownRate}). */
  readonly learningRate: number;
  /**
   * Weight decay, on matrices only. Decoupled in AdamW, Lion and Adafactor (`p -= learningRate * weightDecay * p`);
   * added to the gradient in SGD.
   */
  readonly weightDecay: number;
  /** Maximum norm of the gradient, to which longer gradients are scaled; 0 for no limit. */
  readonly maxGradNorm: number;
  /** Settings of parameter groups, by index. Default: all groups are alike. */
  readonly groups?: readonly GroupStep[] | undefined;
}

/** Settings of a step for one parameter group. */
export interface GroupStep {
  /** Factor of the learning rate; 0 freezes the group and excludes its gradients from the norm. */
  readonly rate: number;
  /**
   * Number of steps before the group's first, from which the optimizer counts its steps (for AdamW's bias correction).
   */
  readonly since: number;
}

/** Result of a training step. */
export interface StepResult {
  /** Mean of the micro-batches' losses. */
  readonly loss: number;
  /** Norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

/**
 * The state of an optimizer: its state tensors, named `<parameter>.<state>` (`pooler.dense.weight.exp_avg`), and the
 * steps taken.
 */
export interface OptimizerState {
  readonly steps: number;
  readonly tensors: Values;
}

/** A tensor that stays in the engine between runs. Its first axis is the batch. */
export type ResidentTensor = GrowingTensor | FixedTensor;

/** A resident tensor that is replaced as a whole, such as an encoder's output. */
export interface FixedTensor {
  /** The graph input that reads it. */
  readonly input: string;
  /** The graph output, or input of a run, with its new values. Each run that has one replaces the tensor. */
  readonly source: string;
}

/** A resident tensor that each run's values are appended to, such as keys and values of attention. */
export interface GrowingTensor extends FixedTensor {
  readonly dtype: 'float32' | 'int64';
  /** Axes: `rows` first, one of `slots`, which grows, and others of fixed size: ['rows', kvHeads, 'slots', headDim]. */
  readonly shape: readonly ('rows' | 'slots' | number)[];
  /** Whether unused slots are 0, as a mask requires. Otherwise their values are arbitrary finite numbers. */
  readonly zeroUnused?: boolean;
}

/** The tensors and capacity of a state. All growing tensors of a row use the same slots. */
export interface StateForm {
  readonly tensors: readonly ResidentTensor[];
  /** Maximum number of rows of a batch. */
  readonly rows: number;
  /** Maximum number of slots. */
  readonly slots: number;
  /**
   * Whether memory for all rows and slots is taken at once, for a state that will be full, or as needed and given back, for
   * one whose rows join and leave. Default: `at once`.
   */
  readonly memory?: 'at once' | 'as needed' | undefined;
}

/** Options of `Engine.run`. */
export interface RunOptions {
  /** The state that the run reads and updates. Outputs that the state keeps are not returned. */
  readonly state?: string;
  /** Whether to clear the state first, keeping its memory. Default: false */
  readonly fresh?: boolean;
}

/** Options of `Engine.load`. */
export interface LoadOptions {
  /**
   * Whether to bind the parameters as constants while training does not change them: matrix products with few rows take
   * half the time or less, at the cost of a second copy of the parameters. Default: false.
   */
  readonly constantParameters?: boolean;
  /** Files that constants of the graph lie in, by the names that it has for them. */
  readonly files?: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Runs graphs. An engine holds the parameters of one model. */
export interface Engine {
  /**
   * Resolves when the engine is ready to compute. Other methods wait for this by themselves.
   *
   * @throws UserError where this machine cannot run the engine's device
   */
  ready(): Promise<void>;
  /** Loads a graph under a name. */
  load(name: string, model: OnnxModel, options?: LoadOptions): Promise<void>;
  /** Unloads a graph. */
  unload(name: string): Promise<void>;
  /**
   * Runs a graph. The engine supplies parameters and the tensors of the state; all other inputs must be given. With a
   * state, the first axis of the first input is the batch.
   */
  run(name: string, inputs: Values, options?: RunOptions): Promise<Record<string, TensorValue>>;
  /** Creates an empty state under a name: tensors that stay in the engine between runs. */
  createState(state: string, form: StateForm): Promise<void>;
  /**
   * Reorders the rows of a state: row i gets the contents of row rows[i]. The number of rows may change.
   *
   * @param shared leading slots that are equal in both and need not be copied; if above 0, fixed tensors are not copied
   *   either. Default: 0
   */
  reorderState(state: string, rows: readonly number[], shared?: number): Promise<void>;
  /**
   * Moves the rows of a state behind those of another, which has the same tensors.
   *
   * @param skipped leading slots of each row that are left out, as padding
   */
  joinState(state: string, from: string, skipped: readonly number[]): Promise<void>;
  /** Releases a state and its memory. */
  releaseState(state: string): Promise<void>;
  /** Moves parameters into the engine; the caller's buffer is detached. */
  adoptParameters(buffer: ParameterBuffer): Promise<void>;
  /**
   * Moves parameters in other forms than float32 into the engine, in place of parameters; the caller's buffer is detached.
   * Graphs that are loaded afterwards have them as constants. They cannot be read, replaced or trained.
   */
  adoptConstants(buffer: ConstantBuffer): Promise<void>;
  /** Returns a copy of all parameters. */
  readParameters(): Promise<ParameterBuffer>;
  /** Replaces the values of all parameters, at the same positions. */
  writeParameters(data: Float32Array<ArrayBuffer>): Promise<void>;
  /** Loads a training graph, and allocates gradients and the state of an optimizer. */
  prepareTraining(graph: TrainingGraph, optimizer: OptimizerChoice): Promise<void>;
  /**
   * Performs a training step: computes the gradients of the micro-batches, averages and clips them, and updates the
   * parameters. Inputs with a default value in the graph, such as the loss shares, may be omitted.
   */
  step(microBatches: readonly Values[], settings: StepSettings): Promise<StepResult>;
  /** Returns the loss and a copy of the gradients of one batch, by parameter, without updating anything. */
  readGradients(batch: Values): Promise<{ loss: number; gradients: Record<string, Float32Array> }>;
  /** Returns a copy of the optimizer's state. */
  readOptimizer(): Promise<OptimizerState>;
  /** Restores a saved optimizer state. */
  writeOptimizer(state: OptimizerState): Promise<void>;
  /** Ends the worker and frees its memory. */
  close(): Promise<void>;
}

/** Buffers that calls move into the engine instead of copying them. */
export const engineMoves: Moves<Engine> = {
  adoptParameters: ({ data }) => [data.buffer],
  adoptConstants: ({ data }) => [data.buffer],
};

/** Options of every engine. */
export interface EngineOptions {
  /** Threads that one operator may use. Default: `OMP_NUM_THREADS`, otherwise the number of available processors. */
  readonly threads?: number;
  /** The device to compute on. Default: `cpu`. */
  readonly device?: string;
  /** Averages the gradients of each step with other engines. Default: no reduction. */
  readonly reduction?: ReductionSource;
}
