/**
 * @file The contract of an optimizer: a row of the registry (`registry.ts`), in one file of its own.
 *
 * A row declares its settings once, as a zod schema: options, checks and documentation follow from it. It names the
 * state that it keeps for each trainable parameter; the engine allocates it, and checkpoints save it under these names.
 * Gradient clipping, averaging over micro-batches, groups of learning rates and the schedule are the engine's and the
 * Trainer's: an optimizer receives the learning rate of its stretch.
 */
import type { z } from 'zod';
import type { RowRun } from './visited-rows.js';

/** A run of numbers in single precision. Its length is a multiple of 4: parameters are padded with zeros. */
export type FloatBlock = Float32Array<ArrayBuffer>;

/** Maps a parameter's shape to the shape of its state tensor; undefined if it has none. */
export type StateShape = (parameterShape: readonly number[]) => readonly number[] | undefined;

/**
 * Shape of a state tensor with the parameter's shape.
 *
 * @example
 * likeParameter([30522, 384])  // [30522, 384]
 */
export const likeParameter: StateShape = (shape) => shape;

/**
 * Shape of a state tensor with one number per matrix row (all dimensions except the last); none for vectors.
 *
 * @example
 * perRow([30522, 384])  // [30522]
 */
export const perRow: StateShape = (shape) => (shape.length >= 2 ? shape.slice(0, -1) : undefined);

/**
 * Shape of a state tensor with one number per matrix column (all dimensions except the second to last); none for
 * vectors.
 *
 * @example
 * perColumn([30522, 384])  // [384]
 */
export const perColumn: StateShape = (shape) =>
  shape.length >= 2 ? [...shape.slice(0, -2), shape.at(-1) as number] : undefined;

/**
 * Shape of a state tensor for vectors only, for optimizers that factor the state of matrices.
 *
 * @example
 * likeVector([384])  // [384]; likeVector([30522, 384]) is undefined
 */
export const likeVector: StateShape = (shape) => (shape.length < 2 ? shape : undefined);

/**
 * Shape of a state tensor with one number per parameter tensor.
 *
 * @example
 * scalarState([30522, 384])  // []
 */
export const scalarState: StateShape = () => [];

/** The unit that a step updates: adjacent parameters with the same decay and group, or one parameter tensor. */
export interface OptimizerStretch {
  /** Parameters, to be updated in place. */
  readonly parameters: FloatBlock;
  /** Gradients, to be multiplied by {@link OptimizerContext.gradientScale}. */
  readonly gradients: FloatBlock;
  /** State tensors by name, to be updated in place. */
  readonly state: Readonly<Record<string, FloatBlock>>;
  /** Shape of the parameter tensor (with `scope: 'parameter'`). */
  readonly shape: readonly number[];
  /**
   * Of a table whose gradient comes in rows, where the scope is `parameter`: its runs of rows, `visited` or with a gradient
   * of zeros.
   */
  readonly runs?: readonly RowRun[];
}

/** Settings of one step for one stretch. */
export interface OptimizerContext {
  /** Step number, from 1; a group that is unfrozen later counts from its own first step. */
  readonly step: number;
  /** Learning rate: the schedule's times the group's factor. */
  readonly learningRate: number;
  /** Weight decay; 0 for biases and norms. */
  readonly weightDecay: number;
  /** Factor of the gradients, from clipping and averaging over micro-batches. */
  readonly gradientScale: number;
  /** Compiled loops. */
  readonly loops: CompiledLoops;
}

/** Loops compiled to WebAssembly (packages/multihead/kernels). */
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
  /**
   * State tensors of each parameter, by name (PyTorch's, where it has the same). All are zero before the first step.
   */
  readonly state: Readonly<Record<string, StateShape>>;
  /**
   * Unit of {@link step}. `elements`: elements are updated independently, and adjacent parameters are joined into long
   * stretches; all state is then {@link likeParameter}. `parameter`: one parameter tensor after the other.
   */
  readonly scope: 'elements' | 'parameter';
  /** Updates one stretch, in place. */
  step(stretch: OptimizerStretch, context: OptimizerContext): void;
  /**
   * With `elements`: what {@link step} would do to rows of an embedding table whose gradients and state have been zero from
   * the beginning, to the bit; most rows of a table never get a gradient, and three of four passes over memory are spared.
   * Gives false where the state would not stay zero: {@link step} is called instead, now and from now on. Without this method
   * it always is.
   */
  stepUntouched?(parameters: FloatBlock, context: OptimizerContext): boolean;
  /** Learning rate chosen by the optimizer instead of the schedule; step counts from 1. */
  ownRate?(step: number): number;
}

/** Definition of an optimizer: a row of the registry. */
export interface OptimizerDefinition<Settings extends z.ZodObject = z.ZodObject, Name extends string = string> {
  /** Name for `optim` and `--optim`. */
  readonly name: Name;
  /** Other names: those of Hugging Face Transformers' `optim`. */
  readonly aliases?: readonly string[];
  /** Description: what it is, its source, and how it applies weight decay. */
  readonly description: string;
  /**
   * Schema of `optimArgs`: names, defaults, limits, descriptions. Learning rate and weight decay are options of the
   * run.
   */
  readonly settings: Settings;
  /** Creates the optimizer from settings that the schema has validated and completed. */
  create(settings: z.output<Settings>): Optimizer;
}

/**
 * Defines an optimizer, with settings typed by its schema.
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
