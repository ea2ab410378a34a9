/**
 * @file What an engine is: the place where graphs run, and where parameters, gradients and optimizer state live.
 *
 * Its work is done in a worker, so the caller's thread stays free. Node: `node/engine.ts`. Both sides of the worker
 * speak in these types (`remote.ts`).
 */
import type { OnnxModel } from '../onnx/model.js';
import type { DType, TypedData } from '../tensor/dtype.js';
import type { ReductionSource } from './distributed/reduction.js';
import type { OptimizerChoice } from './optimizers/registry.js';
import type { Moves } from './remote.js';

/** A tensor's elements, row by row, with their shape. */
export interface TensorValue {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedData;
}

/** What a graph is fed with or gives back, by name. */
export type Values = Readonly<Record<string, TensorValue>>;

/** Where a parameter lies in the flat buffer. Offset and length count elements, not bytes. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** All parameters of a model: one buffer, and the place of each in it. */
export interface ParameterBuffer {
  readonly data: Float32Array<ArrayBuffer>;
  readonly places: readonly ParameterPlace[];
}

/**
 * How a parameter's gradient leaves the training graph. `dense`: the output that holds all of it. `rows`: outputs that
 * hold some rows (an embedding's), with their numbers, or the first rows of the table where no numbers are named; they
 * are added to the rest, which is zero without `dense`.
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
  /** The output or input with their numbers; without, they are the first rows. */
  readonly numbers?: string;
  readonly values: string;
  /** A row number that gets nothing: padding's. */
  readonly paddingIndex?: number;
}

/** A training graph: its output `loss`, and where each trainable parameter's gradient comes from. */
export interface TrainingGraph {
  readonly model: OnnxModel;
  readonly gradients: readonly GradientSource[];
}

/** The settings of one step, whatever the optimizer. */
export interface StepSettings {
  /** Without effect on an optimizer that chooses its rate itself ({@link Optimizer.ownRate}). */
  readonly learningRate: number;
  /** For matrices only. AdamW, Lion and Adafactor take `learningRate * weightDecay` of them away; SGD adds it to the gradient. */
  readonly weightDecay: number;
  /** The gradient is scaled down to this norm where it is longer; 0 for no limit. */
  readonly maxGradNorm: number;
  /** How groups of parameters differ, by their numbers; all are alike where nothing is said. */
  readonly groups?: readonly GroupStep[] | undefined;
}

/** What a step is to a group of parameters. */
export interface GroupStep {
  /** The learning rate is multiplied by this; 0 leaves the group as it is, and its gradients out of the norm. */
  readonly rate: number;
  /** Steps before the group's first: the optimizer counts the group's steps from there (AdamW corrects its moments by them). */
  readonly since: number;
}

/** What a training step tells. */
export interface StepResult {
  /** Mean of the micro-batches' losses. */
  readonly loss: number;
  /** Norm of the whole gradient before it was clipped. */
  readonly gradientNorm: number;
}

/** An optimizer's memory: its state tensors, named `<parameter>.<state>` (`pooler.dense.weight.exp_avg`), and the steps taken. */
export interface OptimizerState {
  readonly steps: number;
  readonly tensors: Values;
}

/** A tensor that stays in the engine from run to run: its first axis is that of the batch's rows. */
export type ResidentTensor = GrowingTensor | FixedTensor;

/** Where a resident tensor's values come from, and which graphs read it. */
export interface FixedTensor {
  /** The input of graphs that it is fed to. */
  readonly input: string;
  /** The output of graphs, or the input of a run, that gives it new values: each run that has one replaces them. */
  readonly source: string;
}

/** A resident tensor that each run's values are appended to, such as keys and values of attention. */
export interface GrowingTensor extends FixedTensor {
  readonly dtype: 'float32' | 'int64';
  /** Its axes: `rows` first, one of `slots`, which grows, and others of fixed sizes: ['rows', kvHeads, 'slots', headDim]. */
  readonly shape: readonly ('rows' | 'slots' | number)[];
  /** Whether slots that hold nothing yet are 0, as a mask's must be. Otherwise they hold any finite numbers. */
  readonly zeroUnused?: boolean;
}

/** What a state holds, and has room for. All tensors that grow have the same slots in use. */
export interface StateForm {
  readonly tensors: readonly ResidentTensor[];
  /** The most rows of a batch. */
  readonly rows: number;
  /** The most slots. */
  readonly slots: number;
}

/** How a graph is run. */
export interface RunOptions {
  /** The state that the run reads and adds to. What it keeps of the outputs is not given back. */
  readonly state?: string;
  /** Whether the state is emptied first; its memory stays. Default: false */
  readonly fresh?: boolean;
}

/** How a graph is taken in. */
export interface LoadOptions {
  /**
   * Lay the parameters out for the graph beforehand, as long as training does not change them: products with few rows
   * then take half the time or less, at the cost of a second copy of the parameters. Default: false.
   */
  readonly constantParameters?: boolean;
}

/** Runs graphs. One engine holds the parameters of one model. */
export interface Engine {
  /**
   * Resolves when the engine can compute. Every other method that computes waits for it by itself.
   *
   * @throws UserError where this machine cannot run the engine's device
   */
  ready(): Promise<void>;
  /** Takes a graph in under a name. */
  load(name: string, model: OnnxModel, options?: LoadOptions): Promise<void>;
  /** Lets a graph go. */
  unload(name: string): Promise<void>;
  /**
   * Runs a graph. Parameters and what a state holds are fed by the engine; the rest must be given. With a state, the first
   * axis of the first input is that of the rows.
   */
  run(name: string, inputs: Values, options?: RunOptions): Promise<Record<string, TensorValue>>;
  /** Makes an empty state under a name: tensors that stay in the engine from run to run. */
  createState(state: string, form: StateForm): Promise<void>;
  /**
   * Gives each row of a state the contents of another: row i those of rows[i]. There may be more rows, or fewer.
   *
   * @param shared slots at the beginning that are the same in both anyhow, and need not be copied; with any, so are fixed
   *   tensors. Default: 0
   */
  reorderState(state: string, rows: readonly number[], shared?: number): Promise<void>;
  /** Releases a state and its memory. */
  releaseState(state: string): Promise<void>;
  /** Moves parameters in; the caller's buffer is empty afterwards. */
  adoptParameters(buffer: ParameterBuffer): Promise<void>;
  /** A copy of all parameters. */
  readParameters(): Promise<ParameterBuffer>;
  /** Takes new values for all parameters, in the same places. */
  writeParameters(data: Float32Array<ArrayBuffer>): Promise<void>;
  /** Takes a training graph in, and makes room for gradients and the state of an optimizer. */
  prepareTraining(graph: TrainingGraph, optimizer: OptimizerChoice): Promise<void>;
  /**
   * Gradients of the micro-batches, averaged, clipped, and one step of the optimizer. Inputs that the graph has a value for,
   * such as the shares of the loss, may be left out.
   */
  step(microBatches: readonly Values[], settings: StepSettings): Promise<StepResult>;
  /** The loss and a copy of the gradients of one batch, by parameter; nothing is updated. */
  readGradients(batch: Values): Promise<{ loss: number; gradients: Record<string, Float32Array> }>;
  /** A copy of the optimizer's memory. */
  readOptimizer(): Promise<OptimizerState>;
  /** Puts a saved optimizer's memory back. */
  writeOptimizer(state: OptimizerState): Promise<void>;
  /** Ends the worker and frees its memory. */
  close(): Promise<void>;
}

/** What a call moves into the engine instead of copying it. */
export const engineMoves: Moves<Engine> = { adoptParameters: ({ data }) => [data.buffer] };

/** Options of every engine. */
export interface EngineOptions {
  /** Threads that one operator may use. Default: as many as the machine has processors. */
  readonly threads?: number;
  /** Where it computes. Default: `cpu`. */
  readonly device?: string;
  /** Combines the gradients of each step with those of other engines. Default: each engine is alone. */
  readonly reduction?: ReductionSource;
}
