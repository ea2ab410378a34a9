/** @file The nodes of a graph that is being rewritten: those that stay, and new ones in the places of others. */
import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
} from '../generated/onnx_pb.js';

/** Writes nodes in order. Equal nodes are written once. */
export class NodeList {
  private readonly nodes_: NodeProto[] = [];
  private readonly known = new Map<string, string[]>();
  private readonly renamed = new Map<string, string>();
  private readonly constants = new Set<string>();

  /** @param prefix of the names of new nodes and constants; that of no other list of this graph */
  constructor(
    private readonly graph: GraphProto,
    private readonly prefix: string,
  ) {}

  /** A node of the old graph, as it is. */
  keep(node: NodeProto): void {
    node.input = node.input.map((name) => this.renamed.get(name) ?? name);
    this.nodes_.push(node);
  }

  /** A new node with one output, whose name it gives. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
    domain = '',
  ) {
    return this.nodes(opType, inputs, 1, attributes, domain)[0] as string;
  }

  /** A new node with several outputs. */
  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
    domain = '',
  ): string[] {
    const input = inputs.map((name) => this.renamed.get(name) ?? name);
    const key = JSON.stringify([domain, opType, input, attributes]);
    const known = this.known.get(key);
    if (known) return known;
    const name = `${this.prefix}_${opType}_${this.known.size}`;
    const output = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}_${i}`));
    const attribute = Object.entries(attributes).map(([name, value]) => {
      const type = AttributeProto_AttributeType;
      return typeof value === 'number'
        ? create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(value) })
        : create(AttributeProtoSchema, { name, type: type.INTS, ints: value.map(BigInt) });
    });
    this.nodes_.push(create(NodeProtoSchema, { opType, name, domain, input, output: [...output], attribute }));
    this.known.set(key, output);
    return output;
  }

  /** A tensor as another type. */
  cast(name: string, to: TensorProto_DataType): string {
    return this.node('Cast', [name], { to });
  }

  float(value: number): string {
    return this.constant(`float_${value}`, TensorProto_DataType.FLOAT, [], new Float32Array([value]));
  }

  uint8(value: number): string {
    return this.constant(`uint8_${value}`, TensorProto_DataType.UINT8, [], new Uint8Array([value]));
  }

  int64s(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.constant(`int64_${values}`, TensorProto_DataType.INT64, [BigInt(values.length)], data);
  }

  /** What was `output` in the old graph is what the new graph has as `name`. An output of the graph keeps its name. */
  rename(name: string, output: string): void {
    const isOutput = this.graph.output.some((value) => value.name === output);
    if (isOutput)
      this.nodes_.push(
        create(NodeProtoSchema, {
          opType: 'Identity',
          name: `${this.prefix}_name_${output}`,
          input: [name],
          output: [output],
        }),
      );
    else this.renamed.set(output, name);
  }

  /** Puts the nodes into the graph, without those whose outputs nobody reads and constants that nobody reads. */
  finish(): void {
    const outputs = new Set(this.graph.output.map(({ name }) => name));
    let nodes = this.nodes_;
    for (;;) {
      const read = new Set([...outputs, ...nodes.flatMap(({ input }) => input)]);
      const kept = nodes.filter(({ output }) => output.some((name) => read.has(name)));
      if (kept.length === nodes.length) {
        this.graph.initializer = this.graph.initializer.filter(({ name }) => read.has(name));
        break;
      }
      nodes = kept;
    }
    this.graph.node = nodes;
  }

  private constant(
    key: string,
    dataType: TensorProto_DataType,
    dims: readonly bigint[],
    data: ArrayBufferView,
  ): string {
    const name = `${this.prefix}_${key}`;
    if (!this.constants.has(name)) {
      this.constants.add(name);
      const rawData = new Uint8Array(data.buffer as ArrayBuffer);
      this.graph.initializer.push(create(TensorProtoSchema, { name, dataType, dims: [...dims], rawData }));
    }
    return name;
  }
}
