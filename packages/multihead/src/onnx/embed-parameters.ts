/** @file Parameters written into a graph's file, for programs that have the file alone. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema, TensorProto_DataType, TensorProtoSchema } from './generated/onnx_pb.js';
import type { OnnxModel } from './model.js';

/** A parameter's values. */
export interface ParameterValues {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * The graph with its parameters' values in it, float32: an ONNX file that needs nothing else.
 *
 * @param valuesOf the values of a parameter by its name
 */
export function embedParameters(model: OnnxModel, valuesOf: (name: string) => ParameterValues): OnnxModel {
  const proto = fromBinary(ModelProtoSchema, model.bytes);
  const graph = proto.graph as GraphProto;
  const read = new Set(model.parameters);
  graph.input = graph.input.filter(({ name }) => !read.has(name));
  for (const name of model.parameters) {
    const { shape, values } = valuesOf(name);
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    graph.initializer.push(
      create(TensorProtoSchema, { name, dataType: TensorProto_DataType.FLOAT, dims: shape.map(BigInt), rawData }),
    );
  }
  return { ...model, bytes: toBinary(ModelProtoSchema, proto), parameters: [] };
}
