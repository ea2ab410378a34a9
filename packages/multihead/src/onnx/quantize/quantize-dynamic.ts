/**
 * @file Dynamic quantization to 8 bits: matrices become int8 with a scale for each output, activations are quantized when the
 * graph runs, with a scale for each of their rows.
 *
 * The usual recipe (ONNX Runtime's `quantize_dynamic`, which Optimum and transformers.js use) takes one scale for all rows of
 * a batch: an answer then depends on which texts shared its batch. Here it does not, at a cost of some standard operators.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataType,
} from '../generated/onnx_pb.js';
import type { OnnxModel } from '../model.js';
import { int8Rows, type QuantizedMatrix } from './int8-rows.js';
import { NodeList } from './node-list.js';

/** How a graph is quantized. */
export interface QuantizeOptions {
  /** What an activation's scale is taken over. `batch` is the usual recipe. Default: `row`. */
  readonly activations?: 'row' | 'batch' | undefined;
}

/** Matrices of fewer elements stay float32: they save next to nothing. */
const leastElements = 1024;

/**
 * Quantizes products with constant matrices, and tables that rows are taken from. Products of activations with each other
 * (attention's scores) stay float32.
 *
 * @param model a graph that holds its parameters (`embedParameters`)
 */
export function quantizeDynamic(model: OnnxModel, { activations = 'row' }: QuantizeOptions = {}): OnnxModel {
  const proto = fromBinary(ModelProtoSchema, model.bytes);
  const graph = proto.graph as GraphProto;
  new Quantizer(graph, activations).run();
  return { ...model, bytes: toBinary(ModelProtoSchema, proto) };
}

/** A product with a constant matrix. */
interface Product {
  /** The input's name. */
  readonly rows: string;
  readonly matrix: string;
  /** Whether the matrix lies as [outputs, inputs]. */
  readonly isOutIn: boolean;
  readonly bias?: string | undefined;
  readonly output: string;
}

class Quantizer {
  private readonly initializers: ReadonlyMap<string, TensorProto>;
  private readonly transposes = new Map<string, string>();
  private readonly matrices = new Map<string, QuantizedMatrix>();
  private readonly written: NodeList;

  constructor(
    private readonly graph: GraphProto,
    private readonly activations: 'row' | 'batch',
  ) {
    this.initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    for (const { opType, input, output, attribute } of graph.node) {
      const isSwap = attribute[0]?.ints.length === 2;
      if (opType === 'Transpose' && isSwap && this.isMatrix(input[0]))
        this.transposes.set(output[0] as string, input[0]);
    }
    this.written = new NodeList(graph);
  }

  run(): void {
    for (const node of this.graph.node) {
      const product = this.productOf(node);
      const table = node.opType === 'Gather' && this.isMatrix(node.input[0]) ? node.input[0] : undefined;
      if (product) this.writeProduct(product);
      else if (table !== undefined) this.writeGather(table, node);
      else this.written.keep(node);
    }
    this.written.finish();
  }

  private isMatrix(name: string | undefined): name is string {
    const tensor = name === undefined ? undefined : this.initializers.get(name);
    return (
      tensor?.dataType === TensorProto_DataType.FLOAT &&
      tensor.dims.length === 2 &&
      tensor.rawData.byteLength / 4 >= leastElements
    );
  }

  private productOf({ opType, input, output, attribute }: NodeProto): Product | undefined {
    const [rows, right, bias] = input as [string, string, string | undefined];
    if (opType !== 'Gemm' && opType !== 'MatMul') return undefined;
    const swapped = this.transposes.get(right);
    const matrix = swapped ?? right;
    if (!this.isMatrix(matrix)) return undefined;
    const isTransposed = opType === 'Gemm' && attribute.some(({ name, i }) => name === 'transB' && i === 1n);
    return { rows, matrix, isOutIn: isTransposed !== (swapped !== undefined), bias, output: output[0] as string };
  }

  /** Y = scale of the row * scale of the column * (integer product) + bias */
  private writeProduct({ rows, matrix, isOutIn, bias, output }: Product): void {
    const { written } = this;
    const { values, scales } = this.matrixOf(matrix, isOutIn);
    const right = isOutIn ? written.node('Transpose', [values], { perm: [1, 0] }) : values;
    const { integers, zeroPoint, scale } = this.activations === 'row' ? this.byRow(rows) : this.byBatch(rows);
    const product = written.node('MatMulInteger', [integers, right, zeroPoint]);
    const scaled = written.node('Mul', [
      written.node('Mul', [written.cast(product, TensorProto_DataType.FLOAT), scale]),
      scales,
    ]);
    if (bias === undefined) written.rename(scaled, output);
    else written.rename(written.node('Add', [scaled, bias]), output);
  }

  /** x / scale + 128 as uint8, the scale of each row being that of its largest element. */
  private byRow(rows: string) {
    const { written } = this;
    const largest = written.node('ReduceMax', [written.node('Abs', [rows]), written.int64s([-1])], { keepdims: 1 });
    const scale = written.node('Mul', [written.node('Max', [largest, written.float(1e-30)]), written.float(1 / 127)]);
    const rounded = written.node('Round', [written.node('Div', [rows, scale])]);
    const integers = written.cast(written.node('Add', [rounded, written.float(128)]), TensorProto_DataType.UINT8);
    return { integers, zeroPoint: written.uint8(128), scale };
  }

  /** ONNX's DynamicQuantizeLinear: one scale and zero point for the whole tensor. */
  private byBatch(rows: string) {
    const [integers, scale, zeroPoint] = this.written.nodes('DynamicQuantizeLinear', [rows], 3) as [
      string,
      string,
      string,
    ];
    return { integers, zeroPoint, scale };
  }

  /** Rows of a table, each with its own scale. */
  private writeGather(table: string, { input, output }: NodeProto): void {
    const { written } = this;
    const { values, scales } = this.matrixOf(table, true);
    const numbers = input[1] as string;
    const rows = written.cast(written.node('Gather', [values, numbers]), TensorProto_DataType.FLOAT);
    const ofRows = written.node('Unsqueeze', [written.node('Gather', [scales, numbers]), written.int64s([-1])]);
    written.rename(written.node('Mul', [rows, ofRows]), output[0] as string);
  }

  /** A matrix is quantized once, by its rows or by its columns. */
  private matrixOf(name: string, byRows: boolean): QuantizedMatrix {
    const key = `${name} ${byRows}`;
    const known = this.matrices.get(key);
    if (known) return known;
    const { dims, rawData } = this.initializers.get(name) as TensorProto;
    const [rows, columns] = dims.map(Number) as [number, number];
    const floats = new Float32Array(rawData.slice().buffer);
    const { integers, scales } = int8Rows(floats, { rows, columns, byRows });
    const names = {
      values: this.written.initializer(
        `${name}_int8${byRows ? '' : '_columns'}`,
        TensorProto_DataType.INT8,
        dims,
        integers,
      ),
      scales: this.written.initializer(
        `${name}_scale${byRows ? '' : '_columns'}`,
        TensorProto_DataType.FLOAT,
        [BigInt(scales.length)],
        new Uint8Array(scales.buffer),
      ),
    };
    this.matrices.set(key, names);
    return names;
  }
}
