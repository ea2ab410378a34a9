/** @file Where graphs begin: constants, named inputs, parameters, counts of run-time sizes. */
import type { DType, TypedData } from '../dtype.js';
import { operator } from '../operator.js';
import { type Dimension, product, type Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** Elements known when the graph is built. Small ones are written into the graph; large ones are fed to it. */
export const constant = operator<{ dtype: DType; shape: readonly number[]; data: TypedData }>('Constant', {
  shape: (_, { shape }) => shape,
  dtype: (_, { dtype }) => dtype,
  onnx: (_, { dtype, shape, data }, writer) =>
    writer.constant(dtype, shape, Array.from(data as ArrayLike<number | bigint>) as number[] | bigint[]),
});

/** Elements given at each run, under a name. The graph's writer declares it as a graph input. */
export const input = operator<{ name: string; dtype: DType; shape: Shape }>('Input', {
  shape: (_, { shape }) => shape,
  dtype: (_, { dtype }) => dtype,
  onnx: (_, { name }) => name,
});

/** How many elements a tensor has along some axes together, as a float32 scalar. */
export const count = operator<{ axes: readonly number[] }>('Size', {
  shape: () => [],
  dtype: () => 'float32',
  onnx: (_, { axes }, writer, node) => {
    const { shape } = node.inputs[0] as Tensor;
    const size = writer.size(product(axes.map((axis) => shape[axis] as Dimension)));
    return writer.node('Cast', [writer.node('Squeeze', [size])], { to: 1 });
  },
});

/** The int64 numbers 0, 1, ..., size - 1. */
export const range = operator<{ size: Dimension }>('Range', {
  shape: (_, { size }) => [size],
  dtype: () => 'int64',
  onnx: (_, { size }, writer) => {
    const number = (value: number) => writer.constant('int64', [], [value]);
    return writer.node('Range', [number(0), writer.node('Squeeze', [writer.size(size)]), number(1)]);
  },
});

/** What a parameter is known by once its module has named it. */
export interface ParameterAttributes {
  readonly shape: readonly number[];
  name: string;
}

/** Elements that training changes. The engine holds them; the graph's writer declares them as inputs. */
export const parameter = operator<ParameterAttributes>('Parameter', {
  shape: (_, { shape }) => shape,
  dtype: () => 'float32',
  onnx: (_, { name }) => name,
});
