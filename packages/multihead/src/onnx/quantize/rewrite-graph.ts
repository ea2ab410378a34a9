/** @file Rewrites a graph so that it reads its parameters in other forms. */
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema } from '../generated/onnx_pb.js';
import type { OnnxModel } from '../model.js';
import { asFloat32, type ParameterForms } from '../parameter-forms.js';
import { NodeList } from './node-list.js';

/**
 * Copies the nodes of a graph to a list, some of them rewritten.
 *
 * @param parameters makes the forms that the new nodes read
 */
export type GraphPass = (graph: GraphProto, parameters: ParameterForms, written: NodeList) => void;

/**
 * The graph after some passes. Its `parameters` are the constants that it reads, which are no inputs of it any more:
 * `embedConstants` or `withConstantsOutside` gives it their values.
 */
export function rewriteGraph(model: OnnxModel, passes: readonly GraphPass[], parameters: ParameterForms): OnnxModel {
  const proto = fromBinary(ModelProtoSchema, model.bytes);
  const graph = proto.graph as GraphProto;
  const declared = new Set(model.parameters);
  graph.input = graph.input.filter(({ name }) => !declared.has(name));
  for (const [i, pass] of passes.entries()) {
    const written = new NodeList(graph, `pass${i}`);
    pass(graph, parameters, written);
    written.finish();
  }
  const read = new Set([...graph.node.flatMap(({ input }) => input), ...graph.output.map(({ name }) => name)]);
  for (const name of model.parameters) if (read.has(name)) parameters.take(name, asFloat32);
  const constants = [...read].filter((name) => parameters.info(name) !== undefined);
  parameters.check(constants);
  return { ...model, bytes: toBinary(ModelProtoSchema, proto), parameters: constants };
}
