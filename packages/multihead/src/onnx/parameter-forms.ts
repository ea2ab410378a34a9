/** @file The parameters of a model in the forms in which its graphs read them: float32, 8 bits with scales, and others. */
import { UserError } from '../platform/errors.js';
import { TensorProto_DataType } from './generated/onnx_pb.js';

/** What a constant of a graph is. */
export interface ConstantInfo {
  readonly dataType: TensorProto_DataType;
  readonly shape: readonly number[];
}

/** A constant with its bytes, little-endian. */
export interface Constant extends ConstantInfo {
  readonly data: Uint8Array;
}

/** Where a constant lies in a buffer, in bytes. */
export interface ConstantPlace extends ConstantInfo {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** Constants in one buffer. */
export interface ConstantBuffer {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly places: readonly ConstantPlace[];
}

/** A tensor of float32, row by row. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A form of a parameter: the constants that stand for it. */
export interface ParameterForm {
  /** What a constant's name ends with, for each constant. */
  readonly suffixes: readonly string[];
  /** The constants, in the order of the suffixes. */
  make(tensor: FloatTensor): readonly Constant[];
}

/** float32: the parameter itself, under its own name. */
export const asFloat32: ParameterForm = {
  suffixes: [''],
  make: ({ shape, values }) => [{ dataType: TensorProto_DataType.FLOAT, shape, data: bytesOf(values) }],
};

/** The bytes of an array's elements. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** Constants in a buffer begin at multiples of this, so that kernels read them aligned. */
const alignment = 64;

/**
 * Makes each form of a parameter once, for all graphs of a model that read it. Sealed, it holds no float32 values any more,
 * only the constants' names.
 */
export class ParameterForms {
  private readonly infos = new Map<string, ConstantInfo>();
  private readonly made = new Map<string, Constant>();
  private readonly shapes: ReadonlyMap<string, readonly number[]>;
  private floats: ReadonlyMap<string, FloatTensor> | undefined;
  private kept: ReadonlySet<string> | undefined;

  /** @param floats the parameters by name */
  constructor(floats: ReadonlyMap<string, FloatTensor>) {
    this.floats = floats;
    this.shapes = new Map([...floats].map(([name, { shape }]) => [name, shape]));
  }

  /** The shape of a parameter; undefined if none has the name. */
  shapeOf(name: string): readonly number[] | undefined {
    return this.shapes.get(name);
  }

  /** What the constant of a name is; undefined if it was not made. */
  info(name: string): ConstantInfo | undefined {
    return this.infos.get(name);
  }

  /**
   * The names of the constants that stand for a parameter, or for a constant of float32, in a form. They are made if they are
   * not there.
   *
   * @throws UserError once sealed, for a form that was not made before
   */
  take(name: string, form: ParameterForm): string[] {
    const names = form.suffixes.map((suffix) => `${name}${suffix}`);
    if (names.every((each) => this.infos.has(each))) return names;
    if (!this.floats) throw refusal(name);
    for (const [i, constant] of form.make(this.floats.get(name) ?? this.floatConstant(name)).entries()) {
      this.made.set(names[i] as string, constant);
      this.infos.set(names[i] as string, { dataType: constant.dataType, shape: constant.shape });
    }
    return names;
  }

  /** A constant of float32 that is part of a form: scales have forms, too. */
  private floatConstant(name: string): FloatTensor {
    const { shape, data } = this.constant(name);
    return { shape, values: new Float32Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength / 4) };
  }

  /** A constant that was taken, with its bytes. */
  constant(name: string): Constant {
    const constant = this.made.get(name);
    if (!constant) throw new Error(`internal: there is no constant ${name}`);
    return constant;
  }

  /**
   * Moves constants into one buffer, and frees all others and the parameters' values.
   *
   * @param kept the names of those that graphs read
   */
  seal(kept: ReadonlySet<string>): ConstantBuffer {
    let offset = 0;
    const constants = [...this.made].filter(([name]) => kept.has(name));
    const places = constants.map(([name, { dataType, shape, data }]) => {
      const place = { name, dataType, shape, offset, length: data.byteLength };
      offset += Math.ceil(data.byteLength / alignment) * alignment;
      return place;
    });
    const data = new Uint8Array(offset);
    for (const place of places) data.set((this.made.get(place.name) as Constant).data, place.offset);
    this.made.clear();
    this.floats = undefined;
    this.kept = kept;
    return { data, places };
  }

  /**
   * Checks that a graph's constants are there. Sealed, the steps between a parameter and its last form are not.
   *
   * @throws UserError for one that is not
   */
  check(names: readonly string[]): void {
    const missing = names.find((name) => this.kept && !this.kept.has(name));
    if (missing !== undefined) throw refusal(missing);
  }
}

const refusal = (name: string): UserError =>
  new UserError(
    `this computation reads ${name} in another form than the model's graphs do, and a quantized model no longer holds ` +
      'float32 weights. Load the model without dtype for it.',
  );
