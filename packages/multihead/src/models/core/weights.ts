/**
 * @file The values of a model's parameters: one flat buffer, held here until an engine takes it over.
 *
 * Matrices, to which weight decay applies, come first; biases and norms follow. The optimizer thus makes two passes.
 */
import { createEngine } from '#engine';
import type { Device } from '../../engine/devices/device.js';
import { type DeviceName, defaultDevice, deviceNamed } from '../../engine/devices/registry.js';
import { requireDevice } from '../../engine/devices/require-device.js';
import type { Engine, ParameterBuffer, ParameterPlace, TensorValue, Values } from '../../engine/engine.js';
import type { Module, Parameter } from '../../nn/module.js';
import { type OnnxModel, writeModel } from '../../onnx/model.js';
import { asFloat32, type ConstantBuffer, ParameterForms } from '../../onnx/parameter-forms.js';
import { UserError } from '../../platform/errors.js';
import { deriveSeed, Random } from '../../platform/random.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { DtypeName } from '../dtypes.js';
import { inDtype } from '../in-dtype.js';

/** Parameters begin at multiples of 64 bytes, a cache line: rows of a matrix then do not straddle more lines than needed. */
const alignment = 16;

/** The parameters of a module and their values. */
export class Weights {
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** @internal */
  readonly places: readonly ParameterPlace[];
  /**
   * The parameters in the order of their places.
   *
   * @internal
   */
  readonly laidOut: readonly Parameter[];
  private local: Float32Array<ArrayBuffer> | undefined;
  private running: Promise<Engine> | undefined;
  private isDisposed = false;
  private computesOn = defaultDevice();
  private readonly loaded = new Map<string, Promise<void>>();
  private quantized: Quantized | undefined;

  constructor(module: Module) {
    this.parameters = module.namedParameters();
    for (const [name, parameter] of this.parameters) parameter.name = name;
    this.laidOut = [...this.parameters.values()].sort((a, b) => Number(b.decay) - Number(a.decay));
    let offset = 0;
    this.places = this.laidOut.map(({ name, shape, length }) => {
      const place = { name, shape, offset, length };
      offset += Math.ceil(length / alignment) * alignment;
      return place;
    });
    try {
      this.local = new Float32Array(offset);
    } catch (cause) {
      const size = `${offset} parameters, ${Math.ceil((offset * 4) / 1e9)} GB`;
      throw new UserError(`a model of these sizes has ${size}, and there is no memory for that`, { cause });
    }
  }

  /**
   * Where the model computes.
   *
   * @internal
   */
  get device(): Device {
    return this.computesOn;
  }

  /**
   * Moves the weights to a device. Pending computations are rejected, and training of the model ends.
   *
   * @throws UserError for an unknown device, and for one that this machine cannot run
   */
  async to(name: DeviceName): Promise<void> {
    this.checkNotDisposed();
    if (deviceNamed(name) === this.computesOn) return;
    this.checkFloat32();
    const device = await requireDevice(name);
    const { data } = await this.read();
    const before = this.running;
    this.running = undefined;
    this.loaded.clear();
    this.local = data;
    this.computesOn = device;
    await (await before)?.close();
  }

  /** The number format of the weights. */
  get dtype(): DtypeName {
    return this.quantized?.dtype ?? 'fp32';
  }

  /**
   * Keeps the weights in another number format from now on, in the forms that some graphs of the model read. The float32
   * values are freed.
   *
   * @internal
   * @param graphs outputs of graphs, whose forms those of all graphs are that will be run
   */
  async quantize(dtype: DtypeName, graphs: readonly Record<string, Tensor>[]): Promise<void> {
    this.checkFloat32();
    const { data, places } = await this.read();
    const forms = formsOf({ data, places });
    const models = graphs.map((outputs) => writeModel(outputs, { target: 'portable' }));
    const kept = new Set(models.flatMap((model) => inDtype(model, dtype, forms).parameters));
    const read = new Set(models.flatMap(({ parameters }) => parameters));
    for (const { name } of places) if (!read.has(name)) kept.add(forms.take(name, asFloat32)[0] as string);
    const before = this.running;
    this.running = undefined;
    this.loaded.clear();
    this.local = undefined;
    this.quantized = { dtype, forms, buffer: forms.seal(kept) };
    await (await before)?.close();
  }

  /**
   * Refuses what quantized weights cannot do.
   *
   * @internal
   * @throws UserError if the weights were quantized
   */
  checkFloat32(): void {
    if (!this.quantized) return;
    throw new UserError(
      `the model's weights are ${this.quantized.dtype}: they can compute, but not be read, trained, saved or moved to another ` +
        'device. Load the model without dtype for that (and with device for another device).',
    );
  }

  /** Number of parameters. */
  get count(): number {
    return this.places.reduce((sum, { length }) => sum + length, 0);
  }

  /** Initializes a parameter. The values depend only on the seed and the name. */
  initialize(name: string, seed: number): void {
    const { initializer, shape } = this.parameters.get(name) as Parameter;
    const values = this.view(name);
    if (initializer === 'zeros') values.fill(0);
    else if (initializer === 'ones') values.fill(1);
    else if (initializer === 'sinusoidal') fillSinusoidal(values, shape.at(-1) as number);
    else if ('uniform' in initializer) {
      new Random(deriveSeed(seed, 'initialize', name)).fillUniform(values, initializer.uniform);
    } else {
      new Random(deriveSeed(seed, 'initialize', name)).fillNormal(values, initializer.normal);
      const width = shape.at(-1) as number;
      const { zeroRow } = initializer;
      if (zeroRow !== undefined) values.fill(0, zeroRow * width, (zeroRow + 1) * width);
    }
  }

  /** Returns a writable view of a parameter's values, before an engine has taken them over. */
  view(name: string): Float32Array<ArrayBuffer> {
    const place = this.places.find((place) => place.name === name);
    if (!place) throw new Error(`internal: there is no parameter ${name}`);
    this.checkNotDisposed();
    this.checkFloat32();
    if (!this.local) throw new Error('internal: the engine has the parameters; use read()');
    return this.local.subarray(place.offset, place.offset + place.length);
  }

  /**
   * Writes the values of some parameters, wherever they are.
   *
   * @throws UserError for values of another number than their parameter has; none are written then
   */
  async write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    const { data } = await this.read();
    const written = this.places.filter(({ name }) => values.has(name));
    for (const place of written) checkLength(place, values.get(place.name) as Float32Array);
    for (const { name, offset } of written) data.set(values.get(name) as Float32Array, offset);
    if (!this.local) await (await this.engine()).writeParameters(data);
  }

  /**
   * All values, wherever they are: a copy once the engine has them.
   *
   * @internal
   */
  async read(): Promise<ParameterBuffer> {
    this.checkFloat32();
    if (this.local) return { data: this.local, places: this.places };
    return (await this.engine()).readParameters();
  }

  /**
   * Returns the engine that runs this model. The first call starts it and hands the values over.
   *
   * @internal
   * @throws UserError after {@link dispose}
   */
  async engine(): Promise<Engine> {
    this.checkNotDisposed();
    this.running ??= this.start();
    return this.running;
  }

  /**
   * The engine, with the graph that `build` makes in it under the key. It is built and loaded once for each key. While no
   * training changes them, its parameters are constants.
   *
   * @internal
   */
  async prepare(key: string, build: () => Record<string, Tensor>): Promise<Engine> {
    const engine = await this.engine();
    if (!this.loaded.has(key)) {
      this.loaded.set(key, engine.load(key, this.graph(build()), { constantParameters: true }));
    }
    await this.loaded.get(key);
    return engine;
  }

  /**
   * Forgets the graphs that were built: they are built anew when they are next needed, of what the model then is.
   *
   * @internal
   */
  async forgetGraphs(): Promise<void> {
    const engine = await this.running;
    const keys = [...this.loaded.keys()];
    this.loaded.clear();
    for (const key of keys) await engine?.unload(key);
  }

  /** Runs the graph made by `build`, which is built and loaded once per key. */
  async run(key: string, build: () => Record<string, Tensor>, inputs: Values): Promise<Record<string, TensorValue>> {
    return (await this.prepare(key, build)).run(key, inputs);
  }

  /**
   * Ends the engine and frees its memory. Pending and later calls are rejected: the model cannot be used afterwards.
   * Resolves when the computation in progress has ended.
   */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.local = undefined;
    this.quantized = undefined;
    if (this.running) await (await this.running).close();
  }

  /**
   * Writes a graph that is run, not trained. ONNX Runtime's own fusions find more where the operators are those of the
   * standard and the weights are constants: MiniLM takes 3 to 10 % less time than with the CPU's fused products.
   */
  private graph(outputs: Record<string, Tensor>): OnnxModel {
    const model = writeModel(outputs, { target: 'portable' });
    return this.quantized ? inDtype(model, this.quantized.dtype, this.quantized.forms) : model;
  }

  private checkNotDisposed(): void {
    if (!this.isDisposed) return;
    throw new UserError('the model was disposed of: dispose() frees its memory. Load it again to use it');
  }

  private async start(): Promise<Engine> {
    const engine = createEngine({ device: this.device.name });
    if (this.quantized) {
      const { buffer } = this.quantized;
      this.quantized = { ...this.quantized, buffer: undefined };
      await engine.adoptConstants(buffer as ConstantBuffer);
      return engine;
    }
    const data = this.local as Float32Array<ArrayBuffer>;
    this.local = undefined;
    await engine.adoptParameters({ data, places: this.places });
    return engine;
  }
}

/** More values than a parameter has would be written over the next one. */
function checkLength({ name, shape, length }: ParameterPlace, given: Float32Array): void {
  if (given.length === length) return;
  throw new UserError(
    `the parameter ${name} has ${length} values, of the shape ${formatShape(shape)}, and ${given.length} were given`,
  );
}

/** Weights in another number format than float32. */
interface Quantized {
  readonly dtype: DtypeName;
  readonly forms: ParameterForms;
  /** The constants, until an engine has taken them over. */
  readonly buffer: ConstantBuffer | undefined;
}

/** Makes forms of a buffer's parameters. */
export const formsOf = ({ data, places }: ParameterBuffer): ParameterForms =>
  new ParameterForms(
    new Map(
      places.map(({ name, shape, offset, length }) => [
        name,
        { shape, values: data.subarray(offset, offset + length) },
      ]),
    ),
  );

/** Row p: sin(p / 10000^(i / width)) for each even i, and the cosine of the same behind it. */
function fillSinusoidal(values: Float32Array, width: number): void {
  for (let at = 0; at < values.length; at++) {
    const column = at % width;
    const angle = Math.floor(at / width) / 10000 ** ((column - (column % 2)) / width);
    values[at] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  }
}
