/** @file The nodes of a graph that read a parameter's matrix: products with it, and rows taken from it. */
import type { GraphProto, NodeProto } from '../generated/onnx_pb.js';
import type { ParameterForms } from '../parameter-forms.js';
import type { NodeList } from './node-list.js';

/** A product of activations with a parameter's matrix. */
export interface Product {
  /** The activations' name: [..., inputs]. */
  readonly rows: string;
  readonly matrix: string;
  /** Whether the matrix lies as [outputs, inputs]. */
  readonly isOutIn: boolean;
  readonly inputs: number;
  readonly outputs: number;
  readonly bias?: string | undefined;
}

/** Rows of a parameter's table, taken by their numbers. */
export interface Lookup {
  readonly table: string;
  readonly numbers: string;
}

/** Writes other nodes in the place of those that read matrices; each returns the name of its result, or undefined to keep the node. */
export interface MatrixRewrite {
  product(product: Product): string | undefined;
  lookup(lookup: Lookup): string | undefined;
}

/** Matrices of fewer elements stay float32: they save next to nothing. */
const leastElements = 1024;

/** Copies a graph's nodes to the list, with those that read parameters' matrices rewritten. */
export function rewriteMatrices(
  graph: GraphProto,
  parameters: ParameterForms,
  written: NodeList,
  { product, lookup }: MatrixRewrite,
): void {
  const isMatrix = (name: string | undefined): name is string => {
    const shape = name === undefined ? undefined : parameters.shapeOf(name);
    return shape?.length === 2 && (shape[0] as number) * (shape[1] as number) >= leastElements;
  };
  const transposes = new Map<string, string>();
  for (const { opType, input, output, attribute } of graph.node) {
    const isSwap = attribute[0]?.ints.length === 2;
    if (opType === 'Transpose' && isSwap && isMatrix(input[0])) transposes.set(output[0] as string, input[0]);
  }

  const productOf = ({ opType, input, attribute }: NodeProto): Product | undefined => {
    const [rows, right, bias] = input as [string, string, string | undefined];
    const flag = (name: string): boolean => attribute.some((each) => each.name === name && each.i === 1n);
    const isPlain = attribute.every(({ name, f }) => (name !== 'alpha' && name !== 'beta') || f === 1);
    if (!['Gemm', 'MatMul', 'FusedMatMul'].includes(opType) || flag('transA') || !isPlain) return undefined;
    const swapped = transposes.get(right);
    const matrix = swapped ?? right;
    if (!isMatrix(matrix)) return undefined;
    const isOutIn = flag('transB') !== (swapped !== undefined);
    const [first, second] = parameters.shapeOf(matrix) as [number, number];
    const [outputs, inputs] = isOutIn ? [first, second] : [second, first];
    return { rows, matrix, isOutIn, inputs, outputs, bias };
  };

  for (const node of graph.node) {
    const [table, numbers] = node.input;
    const [output] = node.output as [string];
    const found = productOf(node);
    const isLookup = node.opType === 'Gather' && isMatrix(table) && node.attribute.every(({ i }) => i === 0n);
    const result = found ? product(found) : isLookup ? lookup({ table, numbers: numbers as string }) : undefined;
    if (result === undefined) written.keep(node);
    else written.rename(result, output);
  }
}
