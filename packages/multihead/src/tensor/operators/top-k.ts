/** @file The indices of the largest elements along the last axis. */
import { UserError } from '../../platform/errors.js';
import { operator } from '../operator.js';
import { formatShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** How many elements of each row. */
export interface TopKAttributes {
  readonly k: number;
}

/** Lower than all float32 numbers but -Infinity. */
const lowest = -3.4028234663852886e38;

/**
 * Indices of the k largest elements of each row, largest first; of equal ones the first comes first; int64, without a
 * gradient. `gatherLast` gives the elements themselves, with theirs.
 */
export const topKIndices = operator<TopKAttributes>('TopK', {
  shape: ([x], { k }) => {
    const { shape } = x as Tensor;
    const size = shape.at(-1);
    if (!Number.isInteger(k) || k < 1 || (typeof size === 'number' && k > size)) {
      throw new UserError(`topK: k is ${k}; expected a whole number from 1 to the last size of ${formatShape(shape)}`);
    }
    return [...shape.slice(0, -1), k];
  },
  dtype: () => 'int64',
  onnx: ([x], { k }, writer, node) => {
    if (writer.target === 'cpu') {
      const [, indices] = writer.nodes('TopK', [x as string, writer.constant('int64', [1], [k])], 2);
      return indices as string;
    }
    // WebGPU has no kernel for TopK: the largest, k times, each then taken out.
    const { shape } = node.inputs[0] as Tensor;
    const out = writer.node('Expand', [
      writer.constant('float32', [], [lowest]),
      writer.sizes([...shape.slice(0, -1), 1]),
    ]);
    const found: string[] = [];
    let left = x as string;
    for (let i = 0; i < k; i++) {
      const index = writer.node('ArgMax', [left], { axis: -1, keepdims: 1 });
      found.push(index);
      if (i + 1 < k) left = writer.node('ScatterElements', [left, index, out], { axis: -1 });
    }
    return writer.node('Concat', found, { axis: -1 });
  },
});
