/**
 * @file Every operator in its portable form: with operators that ONNX Runtime's WebGPU provider has kernels for, and with
 * the numbers of the form for the processor. Where this machine has a WebGPU adapter, it computes them too.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from '#engine';
import { deviceNames, devices } from '../engine/devices/registry.js';
import type { Engine } from '../engine/engine.js';
import { gradient } from '../exports/tensor.js';
import { ModelProtoSchema, type NodeProto } from '../onnx/generated/onnx_pb.js';
import { type OnnxModel, writeModel } from '../onnx/model.js';
import { Random } from '../platform/random.js';
import { differentiable, type OperatorCase, withoutGradient } from '../testing/operator-cases.js';
import type { GraphTarget } from './operator.js';
import { input } from './operators/sources.js';
import type { Tensor } from './tensor.js';

/**
 * What the provider of ONNX Runtime 1.30 has for float32 and bool, from its registry of kernels
 * (onnxruntime/core/providers/webgpu/webgpu_execution_provider.cc). What our operators use was confirmed with
 * onnxruntime-node 1.30.0, whose log at level `info` names each node without a kernel ("webgpu kernel not found").
 */
const webgpuKernels = new Set(
  `Abs Add And ArgMax ArgMin Cast Ceil Clip Concat Cos Cosh Div Einsum Elu Equal Erf Exp Expand Flatten Floor Gather
   GatherElements Gelu Gemm Greater GreaterOrEqual HardSigmoid Identity LayerNormalization LeakyRelu Less LessOrEqual Log
   MatMul Max Min Mul Neg Not Pad Pow Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean
   ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape ScatterElements ScatterND Shape Sigmoid Sin Sinh Slice
   Softmax Softplus Split Sqrt Squeeze Sub Tan Tanh Tile Transpose Unsqueeze Where`.split(/\s+/),
);

/** ONNX's number of int64: shapes, positions and labels, which the provider leaves to the processor. */
const int64 = 7;
const bools = ['And', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Not', 'Or'];

/** The nodes that compute with other numbers than int64, by types that follow from node to node. */
function nodesOnDevice({ bytes }: OnnxModel): NodeProto[] {
  const { graph } = fromBinary(ModelProtoSchema, bytes);
  const types = new Map<string, number>();
  for (const { name, dataType } of graph?.initializer ?? []) types.set(name, dataType);
  for (const { name, type } of graph?.input ?? []) {
    if (type?.value.case === 'tensorType') types.set(name, type.value.value.elemType);
  }
  return (graph?.node ?? []).filter(({ opType, input: inputs, output, attribute }) => {
    const first = types.get(inputs[opType === 'Where' ? 1 : 0] as string);
    const to = Number(attribute.find(({ name }) => name === 'to')?.i);
    const rules: Record<string, number> = { Shape: int64, ArgMax: int64, Cast: to };
    const type = bools.includes(opType) ? 9 : (rules[opType] ?? first);
    for (const name of output) types.set(name, type as number);
    return first !== int64;
  });
}

/** An operator's value and, where it has them, the gradients of the sum of its squares. */
function graphOf([name, { shapes, apply }]: readonly [string, OperatorCase], target: GraphTarget): OnnxModel {
  const inputs = shapes.map((shape, i) => input([], { name: `x${i}`, dtype: 'float32', shape }));
  const y = apply(...inputs);
  const outputs: Record<string, Tensor> = { y };
  if (name in differentiable) {
    for (const [i, each] of gradient(y.mul(y).sum(), inputs).entries()) outputs[`gradient ${i}`] = each;
  }
  return writeModel(outputs, { target });
}

const engines = await Promise.all(
  deviceNames.map(async (name): Promise<[string, Engine][]> => {
    const engine = createEngine({ device: name });
    const canRun = await engine.ready().then(
      () => true,
      () => false,
    );
    if (canRun) return [[name, engine]];
    await engine.close(); // that it is refused, and how, is tested in engine/devices
    return [];
  }),
);
const available = new Map(engines.flat());
afterAll(() => Promise.all([...available.values()].map((engine) => engine.close())));

async function run(engine: Engine, model: OnnxModel, { shapes, from = [-1, 1] }: OperatorCase) {
  const random = new Random(3n);
  const values = shapes.map((shape) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length }, () => from[0] + (from[1] - from[0]) * random.uniform());
    return { dtype: 'float32' as const, shape, data };
  });
  await engine.load('graph', model);
  const results = await engine.run('graph', Object.fromEntries(values.map((value, i) => [`x${i}`, value])));
  return Object.entries(results).map(([name, { data }]) => ({
    name,
    data: Array.from<number | bigint, number>(data, Number),
  }));
}

describe('in its portable form', () => {
  test.each(Object.entries({ ...differentiable, ...withoutGradient }))('%s', async (name, row) => {
    const portable = graphOf([name, row], 'portable');
    const types = nodesOnDevice(portable).map(({ domain, opType }) => (domain ? `${domain}.${opType}` : opType));
    expect(types.filter((type) => !webgpuKernels.has(type))).toEqual([]);
    const cpu = available.get('cpu') as Engine;
    const expected = await run(cpu, graphOf([name, row], 'cpu'), row);
    for (const [device, engine] of available) {
      const digits = device === 'cpu' ? 5 : 3; // WGSL grants sin and cos an error of 2^-11
      const near = expected.map(({ name, data }) => ({
        name,
        data: data.map((value) => expect.closeTo(value, digits)),
      }));
      expect(await run(engine, portable, row), device).toEqual(near);
    }
  });

  test('what the provider has no kernel for is found', () => {
    const x = input([], { name: 'x0', dtype: 'float32', shape: [2] });
    const graph = writeModel({ y: x.logSoftmax(0).sign() }, { target: 'cpu' });
    expect(nodesOnDevice(graph).map(({ opType }) => opType)).toEqual(['LogSoftmax', 'Sign']);
    expect(['LogSoftmax', 'Sign', 'Or'].filter((type) => webgpuKernels.has(type))).toEqual([]);
  });
});

test('each device that is not the processor itself has portable graphs', () => {
  for (const { name, target } of Object.values(devices)) expect(target).toBe(name === 'cpu' ? 'cpu' : 'portable');
});
