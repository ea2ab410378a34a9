/**
 * @file Weights of 4 bits in blocks of 32, by ONNX Runtime's MatMulNBits, for which the CPU quantizes activations block by block
 * (accuracy_level 4). Rows of tables are taken by standard operators.
 */
import { TensorProto_DataType } from '../generated/onnx_pb.js';
import { blockSize, int4ByColumns, int4ByRows, zero } from './int4-blocks.js';
import { lookupOfInt8 } from './int8-matrices.js';
import { int8ByRows } from './int8-rows.js';
import { type Lookup, type Product, rewriteMatrices } from './matrix-nodes.js';
import type { GraphPass } from './rewrite-graph.js';

const bits = 4;
const domain = 'com.microsoft';
/** Products are added up in integers of 8 bits. */
const accuracyLevel = 4;

/** Quantizes products with matrices, and tables that rows are taken from. */
export const int4Matrices: GraphPass = (graph, parameters, written) => {
  function product({ rows, matrix, isOutIn, inputs, outputs, bias }: Product): string {
    const [packed, scales] = parameters.take(matrix, isOutIn ? int4ByRows : int4ByColumns) as [string, string];
    const attributes = { K: inputs, N: outputs, bits, block_size: blockSize, accuracy_level: accuracyLevel };
    const operands = bias === undefined ? [] : ['', '', bias]; // no zero points, no group indices
    return written.node('MatMulNBits', [rows, packed, scales, ...operands], attributes, domain);
  }

  function lookup({ table, numbers }: Lookup): string {
    const [rows, size] = parameters.shapeOf(table) as [number, number];
    if (size % blockSize !== 0) return lookupOfInt8(written, parameters.take(table, int8ByRows), numbers);
    const [packed, scales] = parameters.take(table, int4ByRows) as [string, string];
    // The same bytes that a product with the table reads. Standard operators take them apart: ONNX Runtime's WebAssembly has no
    // GatherBlockQuantized.
    const flat = written.node('Reshape', [packed, written.int64s([rows, (size * bits) / 8])]);
    const bytes = written.cast(written.node('Gather', [flat, numbers]), TensorProto_DataType.FLOAT);
    const second = written.node('Floor', [written.node('Mul', [bytes, written.float(1 / 16)])]);
    const first = written.node('Sub', [bytes, written.node('Mul', [second, written.float(16)])]);
    const last = written.int64s([-1]);
    const pairs = [first, second].map((half) => written.node('Unsqueeze', [half, last]));
    const ofBlocks = written.node('Gather', [scales, numbers]);
    const inBlocks = written.node('Concat', [written.node('Shape', [ofBlocks]), written.int64s([blockSize])], {
      axis: 0,
    });
    const integers = written.node('Reshape', [written.node('Concat', pairs, { axis: -1 }), inBlocks]);
    const centered = written.node('Sub', [integers, written.float(zero)]);
    const values = written.node('Mul', [centered, written.node('Unsqueeze', [ofBlocks, last])]);
    const inRows = written.node('Concat', [written.node('Shape', [numbers]), written.int64s([size])], { axis: 0 });
    return written.node('Reshape', [values, inRows]);
  }

  rewriteMatrices(graph, parameters, written, { product, lookup });
};
