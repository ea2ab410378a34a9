/** @file A matrix of float32 as integers of 4 bits, with a scale for each block of 32 elements of a row. */
import { TensorProto_DataType } from '../generated/onnx_pb.js';
import { bytesOf, type Constant, type FloatTensor, type ParameterForm } from '../parameter-forms.js';

/** Elements of a row that share a scale. */
export const blockSize = 32;

/** The integer that stands for 0. */
export const zero = 8;

/**
 * Two elements a byte, the first in its lower half: [outputs, blocks, 16], as MatMulNBits reads them; scales [outputs, blocks].
 * A row is padded with zeros to whole blocks.
 */
export const int4ByRows: ParameterForm = {
  suffixes: ['_int4', '_int4_scale'],
  make: ({ shape, values }) => int4Form(values, shape as [number, number]),
};

/** The same of the transposed matrix: [inputs, outputs] as [outputs, blocks of inputs, 16]. */
export const int4ByColumns: ParameterForm = {
  suffixes: ['_int4_columns', '_int4_scale_columns'],
  make: (tensor) => int4Form(transposed(tensor), [tensor.shape[1] as number, tensor.shape[0] as number]),
};

function transposed({ values, shape }: FloatTensor): Float32Array {
  const [rows, columns] = shape as [number, number];
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = values[row * columns + column] as number;
    }
  }
  return turned;
}

function int4Form(values: Float32Array, [rows, columns]: readonly [number, number]): Constant[] {
  const blocks = Math.ceil(columns / blockSize);
  const packed = new Uint8Array((rows * blocks * blockSize) / 2).fill(zero * 17);
  const scales = new Float32Array(rows * blocks);
  for (let row = 0; row < rows; row++) {
    for (let block = 0; block < blocks; block++) {
      const begin = row * columns + block * blockSize;
      const elements = values.subarray(begin, Math.min(begin + blockSize, (row + 1) * columns));
      const scale = bestScale(elements);
      const at = row * blocks + block;
      scales[at] = scale;
      for (const [i, value] of elements.entries()) {
        const place = at * (blockSize / 2) + (i >> 1);
        const bits = integerOf(value, scale);
        const byte = packed[place] as number;
        packed[place] = i % 2 === 0 ? (byte & 0xf0) | bits : (byte & 0x0f) | (bits << 4);
      }
    }
  }
  return [
    { dataType: TensorProto_DataType.UINT8, shape: [rows, blocks, blockSize / 2], data: packed },
    { dataType: TensorProto_DataType.FLOAT, shape: [rows, blocks], data: bytesOf(scales) },
  ];
}

/** 0 to 15; value = scale * (integer - 8) */
function integerOf(value: number, scale: number): number {
  if (scale === 0) return zero;
  return Math.max(0, Math.min(15, Math.round(value / scale) + zero));
}

/** The element farthest from 0 becomes -8, -7 or something between, whichever is nearest to the block in squares. */
const stepsOfLargest = [8, 7.5, 7];

function bestScale(elements: Float32Array): number {
  let largest = 0;
  for (const value of elements) if (Math.abs(value) > Math.abs(largest)) largest = value;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const steps of stepsOfLargest) {
    const scale = -largest / steps;
    let squares = 0;
    for (const value of elements) squares += (value - scale * (integerOf(value, scale) - zero)) ** 2;
    if (squares < least) [best, least] = [scale, squares];
  }
  return best;
}
