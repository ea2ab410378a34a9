/** @file From a graph of lazy tensors to an ONNX model: the bytes, and what goes in and comes out. */
import { create, toBinary } from '@bufbuild/protobuf';
import { UserError } from '../platform/errors.js';
import { type DType, onnxNumber, type TypedData } from '../tensor/dtype.js';
import { topologicalOrder } from '../tensor/gradient.js';
import type { GraphTarget, Node } from '../tensor/operator.js';
import { constant, input, type ParameterAttributes, parameter } from '../tensor/operators/sources.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { GraphProtoSchema, ModelProtoSchema, type ValueInfoProto, ValueInfoProtoSchema } from './generated/onnx_pb.js';
import { OnnxWriter } from './writer.js';

/** A tensor that goes into a graph or comes out of it. */
export interface ValueInfo {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A graph, written down. It is plain data: it can be sent to a worker as it is. */
export interface OnnxModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What must be given at each run, fed constants included. */
  readonly inputs: readonly ValueInfo[];
  /** Names of the parameters that the graph reads; they are inputs too, which the engine feeds. */
  readonly parameters: readonly string[];
  readonly outputs: readonly ValueInfo[];
  /** Inputs that are fed with these where nothing else is given, such as constants that are not in the bytes (`feedConstants`). */
  readonly constants: Readonly<Record<string, { dtype: DType; shape: readonly number[]; data: TypedData }>>;
}

/** How a graph is written. */
export interface WriteOptions {
  /** Which operators it may have. Default: `cpu`. */
  readonly target?: GraphTarget;
  /**
   * Feed constants of more than one element as inputs. The bytes then do not depend on their values, and a session
   * made for them serves every graph of the same form.
   */
  readonly feedConstants?: boolean;
}

/** ONNX's operator set that the operators are written for (Gelu came with 20). */
const opset = 21n;
const irVersion = 10n;

/**
 * Writes the graph that computes tensors.
 *
 * @param outputs the tensors, under the names that they are to have in the model
 * @example
 * const x = input('x', 'float32', ['batch', 4]);
 * const model = writeModel({ y: x.softmax(-1) });
 */
export function writeModel(outputs: Readonly<Record<string, Tensor>>, options: WriteOptions = {}): OnnxModel {
  const writer = new OnnxWriter(options.target ?? 'cpu');
  const names = new Map<Tensor, string>();
  const inputs = new Map<string, ValueInfo>();
  const parameters = new Map<string, ValueInfo>();
  const constants: Record<string, { dtype: DType; shape: readonly number[]; data: TypedData }> = {};
  const dependencies = topologicalOrder(Object.values(outputs));
  // Nodes that define a dimension come first: others, such as dropout masks, use it without depending on them.
  const sizes = dependencies
    .filter(({ definition }) => definition.definesDimension)
    .map((node) => node.outputs[0] as Tensor);
  const order = new Set([...topologicalOrder(sizes), ...dependencies]);

  for (const node of order) declare(node, { names, inputs, parameters, constants, writer, options });
  for (const node of order) {
    if (names.has(node.outputs[0] as Tensor)) continue;
    const inputNames = node.inputs.map((tensor) => names.get(tensor) as string);
    const written = [node.definition.onnx(inputNames, node.attributes, writer, node)].flat();
    for (const [i, name] of written.entries()) {
      const tensor = node.outputs[i];
      if (!tensor) continue;
      names.set(tensor, name);
      writer.noteShape(name, tensor.shape);
    }
  }

  const outputInfos = Object.entries(outputs).map(([name, tensor]) => ({
    name,
    dtype: tensor.dtype,
    shape: tensor.shape,
  }));
  nameOutputs(
    writer,
    Object.entries(outputs).map(([to, tensor]) => ({ from: names.get(tensor) as string, to })),
  );
  writer.dropUnreadOutputs(Object.keys(outputs));
  const graph = create(GraphProtoSchema, {
    name: 'multihead',
    node: writer.nodeProtos,
    initializer: writer.initializers,
    input: [...inputs.values(), ...parameters.values()].map(valueInfoProto),
    output: outputInfos.map(valueInfoProto),
  });
  const opsetImport = [
    { domain: '', version: opset },
    { domain: 'com.microsoft', version: 1n },
  ];
  const model = create(ModelProtoSchema, { irVersion, opsetImport, producerName: 'multihead', graph });
  return {
    bytes: toBinary(ModelProtoSchema, model),
    inputs: [...inputs.values()],
    parameters: [...parameters.keys()],
    outputs: outputInfos,
    constants,
  };
}

interface Declarations {
  names: Map<Tensor, string>;
  inputs: Map<string, ValueInfo>;
  parameters: Map<string, ValueInfo>;
  constants: Record<string, { dtype: DType; shape: readonly number[]; data: TypedData }>;
  writer: OnnxWriter;
  options: WriteOptions;
}

/** Declares what the graph begins with: named inputs, parameters, and constants that are fed. */
function declare(node: Node, { names, inputs, parameters, constants, writer, options }: Declarations): void {
  const output = node.outputs[0] as Tensor;
  const { dtype, shape } = output;
  if (node.definition === input.definition || node.definition === parameter.definition) {
    const { name } = node.attributes as ParameterAttributes;
    const declared = node.definition === input.definition ? inputs : parameters;
    if (!name) throw new Error('internal: a parameter without a name; name them by collecting the module first');
    const other = declared.get(name);
    if (other && (other.dtype !== dtype || `${other.shape}` !== `${shape}`)) {
      throw new UserError(`two inputs of the graph are named ${name}, with different types or shapes`);
    }
    declared.set(name, { name, dtype, shape });
    names.set(output, name);
    writer.noteShape(name, shape);
  } else if (node.definition === constant.definition && options.feedConstants) {
    const { data, shape } = node.attributes as { data: TypedData; shape: readonly number[] };
    if (data.length <= 1) return;
    const name = `fed_${Object.keys(constants).length}`;
    constants[name] = { dtype, shape, data };
    inputs.set(name, { name, dtype, shape });
    names.set(output, name);
  }
}

/**
 * Gives tensors the names that they have as outputs. A tensor that is an input too, or is asked for under two names, is
 * passed through an Identity node.
 */
function nameOutputs(writer: OnnxWriter, wanted: readonly { from: string; to: string }[]): void {
  const produced = new Set(writer.nodeProtos.flatMap(({ output }) => output));
  const renamed = new Map<string, string>();
  const passedThrough: { from: string; to: string }[] = [];
  for (const { from, to } of wanted) {
    if (produced.has(from) && !renamed.has(from)) renamed.set(from, to);
    else passedThrough.push({ from, to });
  }
  for (const node of writer.nodeProtos) {
    node.input = node.input.map((name) => renamed.get(name) ?? name);
    node.output = node.output.map((name) => renamed.get(name) ?? name);
  }
  for (const { from, to } of passedThrough) writer.identity(renamed.get(from) ?? from, to);
}

function valueInfoProto({ name, dtype, shape }: ValueInfo): ValueInfoProto {
  const dim = shape.map((d) => ({
    value:
      typeof d === 'number' ? { case: 'dimValue' as const, value: BigInt(d) } : { case: 'dimParam' as const, value: d },
  }));
  const tensorType = { elemType: onnxNumber[dtype], shape: { dim } };
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value: tensorType } } });
}
