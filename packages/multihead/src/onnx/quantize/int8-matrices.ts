/**
 * @file Dynamic quantization to 8 bits: matrices become int8 with a scale for each output, activations are quantized when the
 * graph runs, with a scale for each of their rows.
 *
 * The usual recipe (ONNX Runtime's `quantize_dynamic`, which Optimum and transformers.js use) takes one scale for all rows of
 * a batch: an answer then depends on which texts shared its batch. Here it does not, at a cost of some standard operators.
 */
import { TensorProto_DataType } from '../generated/onnx_pb.js';
import { int8ByColumns, int8ByRows } from './int8-rows.js';
import { type Lookup, type Product, rewriteMatrices } from './matrix-nodes.js';
import type { NodeList } from './node-list.js';
import type { GraphPass } from './rewrite-graph.js';

/** Quantized activations: integers with a zero point, and the scale that gives the activations back. */
interface Quantized {
  readonly integers: string;
  readonly zeroPoint: string;
  readonly scale: string;
}

/**
 * Quantizes products with matrices, and tables that rows are taken from. Products of activations with each other (attention's
 * scores) stay float32.
 *
 * @param quantized writes the nodes that quantize activations with so many elements in a row
 */
const int8Matrices =
  (quantized: (written: NodeList, rows: string, inputs: number) => Quantized): GraphPass =>
  (graph, parameters, written) => {
    /** Y = scale of the row * scale of the column * (integer product) + bias */
    function product({ rows, matrix, isOutIn, inputs, bias }: Product): string {
      const [values, scales] = parameters.take(matrix, isOutIn ? int8ByRows : int8ByColumns) as [string, string];
      const right = isOutIn ? written.node('Transpose', [values], { perm: [1, 0] }) : values;
      const { integers, zeroPoint, scale } = quantized(written, rows, inputs);
      // One pass over the integers: each by the scale of its column.
      const byColumns = written.node(
        'MatMulIntegerToFloat',
        [integers, right, written.float(1), scales, zeroPoint],
        {},
        'com.microsoft',
      );
      const scaled = written.node('Mul', [byColumns, scale]);
      return bias === undefined ? scaled : written.node('Add', [scaled, bias]);
    }

    function lookup({ table, numbers }: Lookup): string {
      return lookupOfInt8(written, parameters.take(table, int8ByRows), numbers);
    }

    rewriteMatrices(graph, parameters, written, { product, lookup });
  };

/** Writes the nodes that take rows, each with its own scale, from a table of int8. */
export function lookupOfInt8(written: NodeList, table: readonly string[], numbers: string): string {
  const [values, scales] = table as [string, string];
  const rows = written.cast(written.node('Gather', [values, numbers]), TensorProto_DataType.FLOAT);
  const ofRows = written.node('Unsqueeze', [written.node('Gather', [scales, numbers]), written.int64s([-1])]);
  return written.node('Mul', [rows, ofRows]);
}

/** x / scale + 128 as uint8, the scale of each row being that of its largest element. */
export const int8ByRow = int8Matrices((written, rows, inputs) => {
  const extreme = (type: string): string => written.node(type, [rows, written.int64s([-1])], { keepdims: 1 });
  const largest = written.node('Max', [
    extreme('ReduceMax'),
    written.node('Neg', [extreme('ReduceMin')]),
    written.float(1e-30),
  ]);
  const scale = written.node('Mul', [largest, written.float(1 / 127)]);
  const zeroPoints = written.node('Expand', [written.uint8(128), written.node('Shape', [scale])]);
  // A block as long as the row: one scale for each row, whatever the rank.
  const integers = written.node('QuantizeLinear', [rows, scale, zeroPoints], { axis: -1, block_size: inputs });
  return { integers, zeroPoint: written.uint8(128), scale };
});

/** ONNX's DynamicQuantizeLinear: one scale and zero point for the whole batch. */
export const int8ByBatch = int8Matrices((written, rows) => {
  const [integers, scale, zeroPoint] = written.nodes('DynamicQuantizeLinear', [rows], 3) as [string, string, string];
  return { integers, zeroPoint, scale };
});
