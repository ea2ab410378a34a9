/**
 * @file Writes nodes of an ONNX graph, as the operators ask for them.
 *
 * Equal nodes (same type, inputs and attributes) are written once, and so are equal constants: masks and sizes that
 * several operators derive from the same inputs are then shared without their knowing.
 */
import { create } from '@bufbuild/protobuf';
import { type DType, onnxNumber } from '../tensor/dtype.js';
import type { GraphTarget, GraphWriter, OnnxAttribute } from '../tensor/operator.js';
import { type Dimension, factors, type Shape } from '../tensor/shape.js';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from './generated/onnx_pb.js';

/** Collects nodes and initializers. `GraphWriter` says what each method is for. */
export class OnnxWriter implements GraphWriter {
  readonly nodeProtos: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  private readonly written = new Map<string, string[]>();
  private readonly dimensionSources = new Map<string, { tensor: string; axis: number }>();
  private counter = 0;

  constructor(readonly target: GraphTarget) {}

  node(type: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>, domain?: string): string {
    return this.nodes(type, inputs, 1, attributes, domain)[0] as string;
  }

  nodes(
    type: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, OnnxAttribute> = {},
    domain = '',
  ): string[] {
    const key = JSON.stringify([domain, type, inputs, attributes]);
    const known = this.written.get(key);
    if (known) return known;
    const name = `${type}_${this.counter++}`;
    const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}_${i}`));
    const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
    this.nodeProtos.push(
      create(NodeProtoSchema, { opType: type, name, domain, input: [...inputs], output: [...output], attribute }),
    );
    this.written.set(key, output);
    return output;
  }

  constant(dtype: DType, shape: readonly number[], values: readonly number[] | readonly bigint[]): string {
    const key = `${dtype}[${shape}]${values.join()}`;
    const known = this.written.get(key);
    if (known) return known[0] as string;
    const name = `constant_${this.initializers.length}`;
    const dims = shape.map(BigInt);
    this.initializers.push(
      create(TensorProtoSchema, { name, dataType: onnxNumber[dtype], dims, rawData: raw(dtype, values) }),
    );
    this.written.set(key, [name]);
    return name;
  }

  sizes(shape: Shape): string {
    if (shape.every((d) => typeof d === 'number')) return this.constant('int64', [shape.length], shape);
    if (shape.length === 1) return this.size(shape[0] as Dimension);
    const parts = shape.map((d) => this.size(d));
    return this.node('Concat', parts, { axis: 0 });
  }

  size(dimension: Dimension): string {
    if (typeof dimension === 'number') return this.constant('int64', [1], [dimension]);
    const source = this.dimensionSources.get(dimension);
    if (source) {
      const whole = this.node('Shape', [source.tensor]);
      return this.node('Gather', [whole, this.constant('int64', [1], [source.axis])], { axis: 0 });
    }
    const { coefficient, names } = factors(dimension);
    if (names.length === 1 && coefficient === 1) {
      throw new Error(`internal: no tensor of the graph has a dimension named ${dimension}`);
    }
    const sizes = names.map((name) => this.size(name));
    const start = coefficient === 1 ? (sizes.shift() as string) : this.constant('int64', [1], [coefficient]);
    return sizes.reduce((product, size) => this.node('Mul', [product, size]), start);
  }

  /** Adds a node that gives a tensor a second name. */
  identity(from: string, to: string): void {
    this.nodeProtos.push(
      create(NodeProtoSchema, { opType: 'Identity', name: `name_${to}`, input: [from], output: [to] }),
    );
  }

  /** Notes that a tensor of the graph has this shape, so that run-time sizes can be read off it. */
  noteShape(tensor: string, shape: Shape): void {
    for (const [axis, dimension] of shape.entries()) {
      if (typeof dimension === 'string' && !this.dimensionSources.has(dimension)) {
        this.dimensionSources.set(dimension, { tensor, axis });
      }
    }
  }

  /** Leaves out trailing outputs that nobody reads, such as LayerNorm's statistics where there is no backward pass. */
  dropUnreadOutputs(graphOutputs: readonly string[]): void {
    const read = new Set([...graphOutputs, ...this.nodeProtos.flatMap(({ input }) => input)]);
    for (const node of this.nodeProtos) {
      while (node.output.length > 1 && !read.has(node.output.at(-1) as string)) node.output.pop();
    }
  }
}

function attributeProto(name: string, value: OnnxAttribute): AttributeProto {
  const type = AttributeProto_AttributeType;
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(value) });
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: type.STRING, s: new TextEncoder().encode(value) });
  }
  if ('float' in value) return create(AttributeProtoSchema, { name, type: type.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: type.INTS, ints: value.map(BigInt) });
}

/** The bytes of constant elements, little-endian as ONNX has them. */
function raw(dtype: DType, values: readonly number[] | readonly bigint[]): Uint8Array<ArrayBuffer> {
  const width = { float32: 4, int32: 4, int64: 8, bool: 1 }[dtype];
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) {
    if (dtype === 'float32') view.setFloat32(i * 4, Number(value), true);
    else if (dtype === 'int32') view.setInt32(i * 4, Number(value), true);
    else if (dtype === 'int64') view.setBigInt64(i * 8, BigInt(value), true);
    else bytes[i] = Number(value);
  }
  return bytes;
}
