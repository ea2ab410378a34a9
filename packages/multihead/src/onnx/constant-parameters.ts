/**
 * @file Parameters as constants of a graph, whose values lie in memory beside it.
 *
 * ONNX Runtime lays a constant matrix out anew for its kernels when it makes a session. A product with few rows, of one
 * token or some beams, then takes half the time or less (docs/results.md); a fed matrix is laid out at every run.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
} from './generated/onnx_pb.js';
import type { OnnxModel } from './model.js';

/** Where a parameter's elements lie, counted in elements of 4 bytes. */
export interface ConstantPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** The name by which a session is given the values (`externalData`). */
export const constantsPath = 'parameters';

/**
 * The bytes of a graph that reads its parameters from the memory `parameters` instead of being fed with them.
 *
 * @param places of all of the graph's parameters, in one buffer of float32
 */
export function withConstantParameters(model: OnnxModel, places: readonly ConstantPlace[]): Uint8Array<ArrayBuffer> {
  const proto = fromBinary(ModelProtoSchema, model.bytes);
  const graph = proto.graph as GraphProto;
  const read = new Set(model.parameters);
  graph.input = graph.input.filter(({ name }) => !read.has(name));
  for (const { name, shape, offset, length } of places) {
    if (!read.has(name)) continue;
    const entries = { location: constantsPath, offset: `${offset * 4}`, length: `${length * 4}` };
    graph.initializer.push(
      create(TensorProtoSchema, {
        name,
        dataType: TensorProto_DataType.FLOAT,
        dims: shape.map(BigInt),
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: Object.entries(entries).map(([key, value]) =>
          create(StringStringEntryProtoSchema, { key, value }),
        ),
      }),
    );
  }
  return toBinary(ModelProtoSchema, proto);
}
