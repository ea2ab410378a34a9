/**
 * @file What an operator is: one object that holds its shape rule, its ONNX form and its gradient.
 *
 * A new operator is one such object and one row of `testing/operator-cases.ts`, and nothing else.
 *
 * Files of `tensor/` import each other in circles: operators make Tensors, whose methods are operators. This is safe because the
 * only function of another file that they call while they load is {@link operator}, a function declaration, which is there
 * before any of them runs.
 */
import type { DType } from './dtype.js';
import type { Dimension, Shape } from './shape.js';
import { Tensor } from './tensor.js';

/** An attribute of an ONNX node. A bare number is an integer; floats are wrapped, since JavaScript knows no difference. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };

/**
 * What a graph is written for. `cpu` may use ONNX Runtime's own fused operators (domain com.microsoft) and whatever its
 * CPU provider has; `portable` keeps to operators of the ONNX standard that its WebGPU provider has kernels for, too.
 */
export type GraphTarget = 'cpu' | 'portable';

/** What an operator writes its ONNX form with. Tensors go by their names in the graph. */
export interface GraphWriter {
  /** What the graph is written for. */
  readonly target: GraphTarget;
  /** Adds a node with one output and returns the output's name. */
  node(type: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>, domain?: string): string;
  /** Adds a node with several outputs and returns their names. */
  nodes(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes?: Record<string, OnnxAttribute>,
    domain?: string,
  ): string[];
  /** A constant; equal constants are written once. */
  constant(dtype: DType, shape: readonly number[], values: readonly number[] | readonly bigint[]): string;
  /** An int64 vector with the run-time sizes of a shape. */
  sizes(shape: Shape): string;
  /** An int64 vector of one element with the run-time size of a dimension. */
  size(dimension: Dimension): string;
}

/** What an operator's gradient is computed from. */
export interface GradientCall<Attributes> {
  readonly inputs: readonly Tensor[];
  /** The first output. */
  readonly output: Tensor;
  /** All outputs: the first, then what the operator keeps for its gradient. */
  readonly outputs: readonly Tensor[];
  /** Gradient of the loss with respect to the output, in the output's shape. */
  readonly upstream: Tensor;
  readonly attributes: Attributes;
}

/** The parts of an operator. */
export interface OperatorDefinition<Attributes> {
  /** Shape of the output; throws where the inputs do not fit. */
  shape(inputs: readonly Tensor[], attributes: Attributes): Shape;
  /** Element type of the output; the first input's where left out. */
  dtype?(inputs: readonly Tensor[], attributes: Attributes): DType;
  /** Shapes of further outputs that the gradient wants, such as LayerNorm's mean and inverse deviation. */
  kept?(inputs: readonly Tensor[], attributes: Attributes): readonly Shape[];
  /** Whether a dimension of the output is new: its size depends on the elements of the inputs. */
  readonly definesDimension?: boolean;
  /** Writes the operator, and returns the name of its output (the names, where it keeps further ones). */
  onnx(inputs: readonly string[], attributes: Attributes, writer: GraphWriter, node: Node): string | readonly string[];
  /** Gradients with respect to the inputs, in their order; undefined for one that has none. */
  gradient?(call: GradientCall<Attributes>): readonly (Tensor | undefined)[];
}

/** An operator: applied to tensors it gives a lazy tensor. */
export interface Operator<Attributes> {
  (inputs: readonly Tensor[], attributes: Attributes): Tensor;
  readonly operatorName: string;
  readonly definition: OperatorDefinition<Attributes>;
}

/** One application of an operator: the place in the graph that tensors point to. */
export class Node {
  readonly outputs: readonly Tensor[];

  constructor(
    readonly name: string,
    readonly definition: OperatorDefinition<unknown>,
    readonly inputs: readonly Tensor[],
    readonly attributes: unknown,
  ) {
    const dtype = definition.dtype?.(inputs, attributes) ?? inputs[0]?.dtype ?? 'float32';
    const shapes = [definition.shape(inputs, attributes), ...(definition.kept?.(inputs, attributes) ?? [])];
    this.outputs = shapes.map((shape) => new Tensor(this, dtype, shape));
  }
}

/** Makes an operator of its parts. */
export function operator<Attributes = Record<string, never>>(
  operatorName: string,
  definition: OperatorDefinition<Attributes>,
): Operator<Attributes> {
  const apply = (inputs: readonly Tensor[], attributes: Attributes): Tensor =>
    new Node(operatorName, definition as OperatorDefinition<unknown>, inputs, attributes).outputs[0] as Tensor;
  return Object.assign(apply, { operatorName, definition });
}
