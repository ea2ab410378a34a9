/**
 * @file Weights of 4 bits in blocks of 32, by ONNX Runtime's own operators: MatMulNBits for products, whose activations the
 * CPU quantizes block by block (accuracy_level 4), and GatherBlockQuantized for tables.
 */
import { blockSize, int4ByColumns, int4ByRows } from './int4-blocks.js';
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
    // The same bytes that a product with the table reads, two elements each.
    const flat = written.node('Reshape', [packed, written.int64s([rows, (size * bits) / 8])]);
    const attributes = { bits, block_size: blockSize, gather_axis: 0, quantize_axis: 1 };
    return written.node('GatherBlockQuantized', [flat, numbers, scales], attributes, domain);
  }

  rewriteMatrices(graph, parameters, written, { product, lookup });
};
