import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { Linear } from '../nn/layers/linear.js';
import { Module } from '../nn/module.js';
import { input } from '../tensor/factories.js';
import { constantsPath, withConstantParameters } from './constant-parameters.js';
import { writeModel } from './model.js';

test('a graph reads its parameters, and no others, from the memory beside it', async () => {
  class Holder extends Module {
    readonly layer = new Linear(2, 2);
  }
  const holder = new Holder();
  for (const [name, parameter] of holder.namedParameters()) parameter.name = name;
  const model = writeModel({ y: holder.layer.forward(input('x', 'float32', ['batch', 2])) });
  const places = [
    { name: 'not of this graph', shape: [1], offset: 0, length: 1 },
    { name: 'layer.weight', shape: [2, 2], offset: 1, length: 4 },
    { name: 'layer.bias', shape: [2], offset: 6, length: 2 },
  ];
  const data = new Uint8Array(Float32Array.of(99, 1, 2, 3, 4, 99, 10, 20).buffer);
  const session = await InferenceSession.create(withConstantParameters(model, places), {
    externalData: [{ path: constantsPath, data }],
  });
  data.fill(0); // the session has what it needs
  expect(session.inputNames).toEqual(['x']);
  const { y } = await session.run({ x: new Tensor('float32', [1, 1], [1, 2]) });
  expect(y?.data).toEqual(Float32Array.of(13, 27));
  await session.release();
});
