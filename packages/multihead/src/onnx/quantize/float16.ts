/**
 * @file A graph computed in float16. What sums squares or many numbers stays float32, as in PyTorch's autocast; so do the
 * graph's inputs and outputs, since every runtime has arrays of it.
 */
import { create } from '@bufbuild/protobuf';
import { narrowToFloat16 } from '../../platform/bytes/float16.js';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from '../generated/onnx_pb.js';
import { bytesOf, type ParameterForm, type ParameterForms } from '../parameter-forms.js';
import type { NodeList } from './node-list.js';
import type { GraphPass } from './rewrite-graph.js';

const { FLOAT, FLOAT16 } = TensorProto_DataType;
type FloatType = typeof FLOAT | typeof FLOAT16;

/** The largest float16. */
const largest = 65504;

/** float16 in the place of float32. */
const asFloat16: ParameterForm = {
  suffixes: ['_fp16'],
  make: ({ shape, values }) => [{ dataType: FLOAT16, shape, data: bytesOf(narrowToFloat16(values)) }],
};

/** Operators whose results are no floating-point numbers, whatever they read. */
const notFloats = ['Shape', 'Size', 'Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'ArgMax'];

/** Operators whose results leave the range of float16, or its precision. */
const widened = ['ReduceMean', 'ReduceSum', 'ReduceL2', 'Pow', 'CumSum'];

/** Computes a graph in float16. */
export const inFloat16: GraphPass = (graph, parameters, written) => {
  const pass = new Float16Pass(graph, parameters, written);
  for (const node of graph.node) pass.write(node);
};

/** A floating-point tensor that the graph computes or is given. */
interface Computed {
  /** The type that what reads it computes in, where nothing else decides. */
  readonly type: FloatType;
  readonly names: Map<FloatType, string>;
}

class Float16Pass {
  private readonly computed = new Map<string, Computed>();
  private readonly constants: ReadonlyMap<string, TensorProto>;
  private readonly outputs: ReadonlySet<string>;

  constructor(
    private readonly graph: GraphProto,
    private readonly parameters: ParameterForms,
    private readonly written: NodeList,
  ) {
    this.outputs = new Set(graph.output.map(({ name }) => name));
    this.constants = new Map(
      graph.initializer.filter(({ dataType }) => dataType === FLOAT).map((tensor) => [tensor.name, tensor]),
    );
    for (const { name, type } of graph.input) {
      if (type?.value.case !== 'tensorType' || type.value.value.elemType !== FLOAT) continue;
      this.computed.set(name, { type: FLOAT16, names: new Map([[FLOAT, name]]) });
    }
  }

  write(node: NodeProto): void {
    const floats = node.input.filter((name) => this.isFloat(name));
    const type = this.isWidened(node) ? FLOAT : this.typeOf(floats);
    node.input = node.input.map((name) => (this.isFloat(name) ? this.nameIn(type, name) : name));
    const to = node.attribute.find(({ name }) => name === 'to');
    if (node.opType === 'Cast') {
      if (to?.i !== BigInt(FLOAT)) this.written.keep(node);
      else {
        to.i = BigInt(FLOAT16);
        this.keep(node, FLOAT16);
      }
    } else if (node.opType === 'ConstantOfShape' && node.attribute[0]?.t?.dataType === FLOAT) this.keep(node, FLOAT);
    else if (floats.length === 0 || notFloats.includes(node.opType)) this.written.keep(node);
    else this.keep(node, type);
  }

  /** Keeps a node whose results are of a type. Those that are outputs of the graph are cast to float32 under their names. */
  private keep(node: NodeProto, type: FloatType): void {
    const casts: NodeProto[] = [];
    for (const [i, name] of node.output.entries()) {
      const names = new Map([[type, name]]);
      if (type === FLOAT16 && this.outputs.has(name)) {
        const half = `${name}_fp16`;
        node.output[i] = half;
        names.set(FLOAT16, half).set(FLOAT, name);
        casts.push(castNode(half, name));
      }
      this.computed.set(name, { type, names });
    }
    for (const each of [node, ...casts]) this.written.keep(each);
  }

  private isFloat(name: string): boolean {
    return (
      this.computed.has(name) ||
      this.constants.has(name) ||
      this.parameters.shapeOf(name) !== undefined ||
      this.parameters.info(name)?.dataType === FLOAT
    );
  }

  private isWidened({ opType, input }: NodeProto): boolean {
    return widened.includes(opType) || (opType === 'Mul' && input[0] === input[1]);
  }

  /** float32 where all that is computed is, such as the root of a mean of squares; float16 otherwise. */
  private typeOf(floats: readonly string[]): FloatType {
    const types = floats.flatMap((name) => this.computed.get(name)?.type ?? []);
    return types.length > 0 && types.every((type) => type === FLOAT) ? FLOAT : FLOAT16;
  }

  /** The name of a floating-point tensor in a type. */
  private nameIn(type: FloatType, name: string): string {
    const found = this.computed.get(name);
    if (!found) return type === FLOAT ? name : this.constantInFloat16(name);
    const known = found.names.get(type);
    if (known !== undefined) return known;
    const cast = this.written.cast(found.names.get(type === FLOAT ? FLOAT16 : FLOAT) as string, type);
    found.names.set(type, cast);
    return cast;
  }

  private constantInFloat16(name: string): string {
    const tensor = this.constants.get(name);
    if (!tensor) return this.parameters.take(name, asFloat16)[0] as string;
    const half = `${name}_fp16`;
    if (this.graph.initializer.some((each) => each.name === half)) return half;
    const values = new Float32Array(tensor.rawData.slice().buffer).map(withinRange);
    const rawData = bytesOf(narrowToFloat16(values));
    this.graph.initializer.push(
      create(TensorProtoSchema, { name: half, dataType: FLOAT16, dims: tensor.dims, rawData }),
    );
    return half;
  }
}

/** A number that float16 lacks, such as what hides padding, becomes half the largest: sums with it stay finite. */
const withinRange = (x: number): number => (Math.abs(x) > largest ? (Math.sign(x) * largest) / 2 : x);

function castNode(half: string, name: string): NodeProto {
  const { INT } = AttributeProto_AttributeType;
  const to = create(AttributeProtoSchema, { name: 'to', type: INT, i: BigInt(FLOAT) });
  return create(NodeProtoSchema, {
    opType: 'Cast',
    name: `float32_${name}`,
    input: [half],
    output: [name],
    attribute: [to],
  });
}
