/**
 * @file A graph's parameters as its constants, in the file itself or beside it.
 *
 * ONNX Runtime lays a constant matrix out anew for its kernels when it makes a session. A product with few rows, of one
 * token or some beams, then takes half the time or less (docs/results.md); a fed matrix is laid out at every run.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type GraphProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from './generated/onnx_pb.js';
import type { OnnxModel } from './model.js';
import type { Constant, ConstantPlace } from './parameter-forms.js';

/** The name by which a session is given the values that lie in memory (`externalData`). */
export const constantsPath = 'parameters';

/**
 * The graph with its parameters' values in it: an ONNX file that needs nothing else.
 *
 * @param constantOf the values of a parameter by its name
 */
export function embedConstants(model: OnnxModel, constantOf: (name: string) => Constant): OnnxModel {
  const bytes = withInitializers(model, (name) => {
    const { dataType, shape, data } = constantOf(name);
    return create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData: data });
  });
  return { ...model, bytes, parameters: [] };
}

/**
 * The bytes of a graph that reads its parameters from outside, a file beside it or memory, instead of being fed with them.
 *
 * @param placeOf where a parameter lies, and in what
 */
export function withConstantsOutside(
  model: OnnxModel,
  placeOf: (name: string) => ConstantPlace & { readonly location: string },
): Uint8Array<ArrayBuffer> {
  return withInitializers(model, (name) => {
    const { dataType, shape, offset, length, location } = placeOf(name);
    const entries = { location, offset: `${offset}`, length: `${length}` };
    return create(TensorProtoSchema, {
      name,
      dataType,
      dims: shape.map(BigInt),
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
    });
  });
}

/** The bytes of a graph whose parameters are no inputs, but initializers. */
function withInitializers(model: OnnxModel, initializer: (name: string) => TensorProto): Uint8Array<ArrayBuffer> {
  const proto = fromBinary(ModelProtoSchema, model.bytes);
  const graph = proto.graph as GraphProto;
  const read = new Set(model.parameters);
  graph.input = graph.input.filter(({ name }) => !read.has(name));
  for (const name of model.parameters) graph.initializer.push(initializer(name));
  return toBinary(ModelProtoSchema, proto);
}
