/**
 * @file The contract of an optimizer: a row of the registry (`registry.ts`), in one file of its own.
 *
 * A row declares its settings once, as a zod schema: options, checks and documentation follow from it. It names the state
 * that it keeps for each parameter; the engine allocates it, checkpoints hold it under these names, frozen parameters have
 * none. Gradient clipping, averaging over micro-batches, groups of learning rates and the schedule are the engine's and the
 * Trainer's: a row sees the rate that is meant for its stretch.
 */
import type { z } from 'zod';
import type { RowRun } from './visited-rows.js';

/** A run of numbers in single precision. Its length is a multiple of 4: parameters are padded with zeros. */
export type FloatBlock = Float32Array<ArrayBuffer>;

/** The shape of a state tensor, by the shape of its parameter; undefined for a parameter that has none. */
export type StateShape = (parameterShape: readonly number[]) => readonly number[] | undefined;

/**
 * A state tensor like the parameter.
 *
 * @example
 * likeParameter([30522, 384])  // [30522, 384]
 */
export const likeParameter: StateShape = (shape) => shape;

/**
 * A number for each row of a matrix (all dimensions but the last); vectors have none.
 *
 * @example
 * perRow([30522, 384])  // [30522]
 */
export const perRow: StateShape = (shape) => (shape.length >= 2 ? shape.slice(0, -1) : undefined);

/**
 * A number for each column of a matrix (all dimensions but the last but one); vectors have none.
 *
 * @example
 * perColumn([30522, 384])  // [384]
 */
export const perColumn: StateShape = (shape) =>
  shape.length >= 2 ? [...shape.slice(0, -2), shape.at(-1) as number] : undefined;

/**
 * A state tensor like the parameter, of vectors only: for optimizers that factor the state of matrices.
 *
 * @example
 * likeVector([384])  // [384]; likeVector([30522, 384]) is undefined
 */
export const likeVector: StateShape = (shape) => (shape.length < 2 ? shape : undefined);

/**
 * One number for each parameter tensor.
 *
 * @example
 * scalarState([30522, 384])  // []
 */
export const scalarState: StateShape = () => [];

/** What a step updates: neighbouring parameters that share decay and group, or one parameter tensor. */
export interface OptimizerStretch {
  /** Changes in place. */
  readonly parameters: FloatBlock;
  /** To be multiplied by {@link OptimizerContext.gradientScale}. */
  readonly gradients: FloatBlock;
  /** The state tensors by name; those that change, change in place. */
  readonly state: Readonly<Record<string, FloatBlock>>;
  /** Of one parameter tensor (`scope: 'parameter'`): its shape. */
  readonly shape: readonly number[];
  /**
   * Of a table whose gradient comes in rows, where the scope is `parameter`: its runs of rows, `visited` or with a gradient
   * of zeros.
   */
  readonly runs?: readonly RowRun[];
}

/** The numbers of one step for one stretch. */
export interface OptimizerContext {
  /** Counts from 1, for a group that begins later from its own first step. */
  readonly step: number;
  /** The schedule's rate times that of the group. */
  readonly learningRate: number;
  /** 0 for parameters that do not decay (biases, norms). */
  readonly weightDecay: number;
  /** Gradients are multiplied by this first: clipping, averaging over micro-batches. */
  readonly gradientScale: number;
  /** Compiled loops. */
  readonly loops: CompiledLoops;
}

/** The loops that are compiled to WebAssembly (packages/multihead/kernels). */
export interface CompiledLoops {
  /**
   * Runs one of them over up to four blocks of equal length.
   *
   * @param loop    its name
   * @param blocks  what it reads and writes
   * @param changed which of the blocks it writes, by their numbers
   * @param scalars its other arguments
   * @returns the sum of what it gave back, 0 of a loop that gives nothing
   */
  run(loop: string, blocks: readonly FloatBlock[], changed: readonly number[], scalars: readonly number[]): number;
  /**
   * Runs one of them over the rows of matrices.
   *
   * @param changed which of the blocks it writes
   * @param scalars its arguments after the numbers of rows and of columns
   */
  runRows(loop: string, blocks: RowBlocks, changed: readonly FloatBlock[], scalars: readonly number[]): number;
  /** Multiplies a block by a factor, in single precision. */
  scale(block: FloatBlock, factor: number): void;
  /** The sum of a block's squares, in double precision. */
  sumOfSquares(block: FloatBlock): number;
}

/** What a loop over rows reads and writes, up to five blocks in this order. */
export interface RowBlocks {
  /** [rows, columns]. */
  readonly matrices: readonly FloatBlock[];
  /** A number for each row. */
  readonly rows: readonly FloatBlock[];
  /** A number for each column. */
  readonly columns: readonly FloatBlock[];
}

/** An optimizer with its settings. */
export interface Optimizer {
  /** The state tensors of each parameter, by name: PyTorch's names where it has the same. All zero before the first step. */
  readonly state: Readonly<Record<string, StateShape>>;
  /**
   * What {@link step} is called with. `elements`: numbers are updated each by itself, and neighbouring parameters are joined
   * into long stretches; all state is then {@link likeParameter}. `parameter`: one parameter tensor after the other.
   */
  readonly scope: 'elements' | 'parameter';
  /** One update, in place. */
  step(stretch: OptimizerStretch, context: OptimizerContext): void;
  /**
   * With `elements`: what {@link step} would do to rows of an embedding table whose gradients and state have been zero from
   * the beginning, to the bit; most rows of a table never get a gradient, and three of four passes over memory are spared.
   * Gives false where the state would not stay zero: {@link step} is called instead, now and from now on. Without this method
   * it always is.
   */
  stepUntouched?(parameters: FloatBlock, context: OptimizerContext): boolean;
  /** The rate that the optimizer chooses itself, instead of the schedule's; step counts from 1. */
  ownRate?(step: number): number;
}

/** A row of the registry. */
export interface OptimizerDefinition<Settings extends z.ZodObject = z.ZodObject, Name extends string = string> {
  /** As `optim` and `--optim` name it. */
  readonly name: Name;
  /** Other names: those of Hugging Face Transformers' `optim`. */
  readonly aliases?: readonly string[];
  /** One sentence: what it is, after whom, and how it treats weight decay. */
  readonly description: string;
  /** What `optimArgs` may hold: names, defaults, limits, descriptions. The learning rate and weight decay are the run's. */
  readonly settings: Settings;
  /** The optimizer with its settings, which the schema has checked and completed. */
  create(settings: z.output<Settings>): Optimizer;
}

/**
 * Types the settings of a row by its schema.
 *
 * @example
 * import { defineOptimizer } from 'multihead/training';
 * import { z } from 'zod';
 *
 * export default defineOptimizer({
 *   name: 'sign-sgd',
 *   description: 'signSGD (Bernstein et al. 2018), with decoupled weight decay.',
 *   settings: z.strictObject({}),
 *   create: () => ({
 *     state: {},
 *     scope: 'elements',
 *     step({ parameters, gradients }, { learningRate, weightDecay }) {
 *       for (let i = 0; i < parameters.length; i++) {
 *         const kept = (parameters[i] as number) * (1 - learningRate * weightDecay);
 *         parameters[i] = kept - learningRate * Math.sign(gradients[i] as number);
 *       }
 *     },
 *   }),
 * });
 */
export const defineOptimizer = <Settings extends z.ZodObject, const Name extends string>(
  definition: OptimizerDefinition<Settings, Name>,
): OptimizerDefinition<Settings, Name> => definition;
