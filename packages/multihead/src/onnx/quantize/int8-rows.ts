/** @file A matrix of float32 as int8, with a scale for each row or each column. */
import { TensorProto_DataType } from '../generated/onnx_pb.js';
import { bytesOf, type FloatTensor, type ParameterForm } from '../parameter-forms.js';

/** int8 with a scale for each row (each output of a matrix [outputs, inputs], each vector of a table). */
export const int8ByRows: ParameterForm = {
  suffixes: ['_int8', '_scale'],
  make: (tensor) => int8Form(tensor, true),
};

/** int8 with a scale for each column (each output of a matrix [inputs, outputs]). */
export const int8ByColumns: ParameterForm = {
  suffixes: ['_int8_columns', '_scale_columns'],
  make: (tensor) => int8Form(tensor, false),
};

function int8Form({ shape, values }: FloatTensor, byRows: boolean) {
  const [rows, columns] = shape as [number, number];
  const { integers, scales } = quantize(values, { rows, columns, byRows });
  return [
    { dataType: TensorProto_DataType.INT8, shape, data: bytesOf(integers) },
    { dataType: TensorProto_DataType.FLOAT, shape: [scales.length], data: bytesOf(scales) },
  ];
}

/** The sizes of a matrix, and whether its scales are those of rows or of columns. */
interface MatrixForm {
  readonly rows: number;
  readonly columns: number;
  readonly byRows: boolean;
}

/**
 * Symmetric quantization: value = scale * integer, integers from -127 to 127, the scale being that of the largest element of
 * the row (or column).
 */
function quantize(
  values: Float32Array,
  { rows, columns, byRows }: MatrixForm,
): { integers: Int8Array; scales: Float32Array } {
  const scales = new Float32Array(byRows ? rows : columns);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const at = byRows ? row : column;
      scales[at] = Math.max(scales[at] as number, Math.abs(values[i] as number));
    }
  }
  for (const [i, largest] of scales.entries()) scales[i] = largest / 127;
  const integers = new Int8Array(values.length);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const scale = scales[byRows ? row : column] as number;
      const rounded = scale === 0 ? 0 : Math.round((values[i] as number) / scale);
      integers[i] = Math.max(-127, Math.min(127, rounded));
    }
  }
  return { integers, scales };
}
