import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { Linear } from '../nn/layers/linear.js';
import { Module } from '../nn/module.js';
import { input } from '../tensor/factories.js';
import { constantsPath, withConstantsOutside } from './constants.js';
import { TensorProto_DataType } from './generated/onnx_pb.js';
import { writeModel } from './model.js';

test('a graph reads its parameters, and no others, from the memory beside it', async () => {
  class Holder extends Module {
    readonly layer = new Linear(2, 2);
  }
  const holder = new Holder();
  for (const [name, parameter] of holder.namedParameters()) parameter.name = name;
  const model = writeModel({ y: holder.layer.forward(input('x', 'float32', ['batch', 2])) });
  const place = (name: string, shape: number[], offset: number, count: number) => ({
    name,
    shape,
    offset: offset * 4,
    length: count * 4,
    dataType: TensorProto_DataType.FLOAT,
    location: constantsPath,
  });
  const places = [
    place('not of this graph', [1], 0, 1),
    place('layer.weight', [2, 2], 1, 4),
    place('layer.bias', [2], 6, 2),
  ];
  const data = new Uint8Array(Float32Array.of(99, 1, 2, 3, 4, 99, 10, 20).buffer);
  const bytes = withConstantsOutside(model, (name) => places.find((each) => each.name === name) as (typeof places)[0]);
  const session = await InferenceSession.create(bytes, { externalData: [{ path: constantsPath, data }] });
  data.fill(0); // the session has what it needs
  expect(session.inputNames).toEqual(['x']);
  const { y } = await session.run({ x: new Tensor('float32', [1, 1], [1, 2]) });
  expect(y?.data).toEqual(Float32Array.of(13, 27));
  await session.release();
});
