import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { input, tensor } from '../exports/tensor.js';
import { ModelProtoSchema } from './generated/onnx_pb.js';
import { type WriteOptions, writeModel } from './model.js';

type Outputs = Parameters<typeof writeModel>[0];

const graphOf = (outputs: Outputs, options?: WriteOptions) => {
  const { graph } = fromBinary(ModelProtoSchema, writeModel(outputs, options).bytes);
  if (!graph) throw new Error('no graph');
  return graph;
};
const typesOf = (outputs: Outputs, options?: WriteOptions) =>
  graphOf(outputs, options).node.map(({ opType }) => opType);

const x = input('x', 'float32', ['batch_size', 4]);

describe('a model as ONNX', () => {
  test('inputs and outputs bear their names, run-time sizes theirs', () => {
    const { input: inputs, output: outputs } = graphOf({ y: x.softmax(-1) });
    expect([inputs, outputs].map((values) => values.map(({ name }) => name))).toEqual([['x'], ['y']]);
    const type = inputs[0]?.type?.value;
    expect(type?.case === 'tensorType' && type.value.shape?.dim.map((d) => d.value.value)).toEqual(['batch_size', 4n]);
  });

  test('equal parts are written once', () => {
    const same = () => x.mul(2).exp();
    expect(typesOf({ y: same().add(same()) })).toEqual(['Mul', 'Exp', 'Add']);
  });

  test('what nobody reads is not written: LayerNorm’s statistics', () => {
    const y = x.layerNorm(tensor([1, 1, 1, 1]), tensor([0, 0, 0, 0]));
    expect(graphOf({ y }).node[0]?.output).toEqual(['y']);
  });

  test('one tensor under two names, and an input as output', () => {
    const y = x.exp();
    const { output, node } = graphOf({ a: y, b: y, c: x });
    expect(output.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(node.map(({ opType }) => opType)).toEqual(['Exp', 'Identity', 'Identity']);
  });

  test('portable graphs keep to the standard; those for the processor may use ONNX Runtime’s own operators', () => {
    const y = x.matmul(tensor([[1, 2, 3, 4]]).transpose(0, 1));
    expect(typesOf({ y }, { target: 'cpu' })).toEqual(['FusedMatMul']);
    expect(typesOf({ y }, { target: 'portable' })).toEqual(['Transpose', 'MatMul']);
  });

  test('a size that is known at run time only is read off a tensor', () => {
    const y = x
      .reshape(['batch_size', 2, 2])
      .sum(0)
      .div(x.size([0]));
    expect(typesOf({ y })).toContain('Shape');
  });

  test('fed constants leave the bytes alike', () => {
    const bytes = (values: number[]) => writeModel({ y: x.add(tensor(values)) }, { feedConstants: true }).bytes;
    expect(bytes([1, 2, 3, 4])).toEqual(bytes([5, 6, 7, 8]));
  });

  test('two inputs of one name with different shapes are refused', () => {
    const other = input('x', 'float32', ['batch_size', 1]);
    expect(() => writeModel({ y: x.add(other) })).toThrow('two inputs of the graph are named x');
  });
});
