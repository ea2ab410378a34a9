/**
 * @file The engine's implementation: sessions, the flat parameter buffer, and training. It runs in the worker, on any
 *   platform that provides a {@link Runtime}.
 */
import { constantsPath, withConstantsOutside } from '../../onnx/constants.js';
import { TensorProto_DataType } from '../../onnx/generated/onnx_pb.js';
import { type OnnxModel, writeModel } from '../../onnx/model.js';
import { bytesOf, type ConstantBuffer } from '../../onnx/parameter-forms.js';
import type { DType, TypedData } from '../../tensor/dtype.js';
import { input } from '../../tensor/factories.js';
import type { Device } from '../devices/device.js';
import { importReduction, type ReductionSource } from '../distributed/reduction.js';
import type {
  Engine,
  LoadOptions,
  OptimizerState,
  ParameterBuffer,
  ParameterPlace,
  RunOptions,
  StateForm,
  StepResult,
  StepSettings,
  TensorValue,
  TrainingGraph,
  Values,
} from '../engine.js';
import { createOptimizer, type OptimizerChoice } from '../optimizers/registry.js';
import { ResidentState } from './resident-state.js';
import type { Runtime, RuntimeSession, RuntimeTensor } from './runtime.js';
import { Training } from './training.js';

interface Loaded {
  readonly session: RuntimeSession;
  readonly model: OnnxModel;
  /** Whether the parameters were laid out as constants of the session. */
  readonly hasConstants: boolean;
}

/** The engine without its worker: the same methods, run in the calling thread. */
export class EngineCore implements Omit<Engine, 'close'> {
  private readonly loaded = new Map<string, Loaded>();
  private parameters: ParameterBuffer = { data: new Float32Array(0), places: [] };
  private places = new Map<string, ParameterPlace>();
  /** Parameters in other forms than float32, in place of {@link parameters}. */
  private constants: ConstantBuffer | undefined;
  /** Tensor views of the parameters, created on first use. */
  private readonly parameterTensors = new Map<string, RuntimeTensor>();
  private readonly states = new Map<string, ResidentState>();
  private training: Training | undefined;

  private checked: Promise<void> | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly device: Device,
    private readonly reduction?: ReductionSource,
  ) {}

  ready(): Promise<void> {
    this.checked ??= this.device.available(() => this.tryOut());
    return this.checked;
  }

  async load(name: string, model: OnnxModel, { constantParameters = false, files }: LoadOptions = {}): Promise<void> {
    await this.ready();
    await this.unload(name);
    const isConstant = this.constants !== undefined || (constantParameters && !this.training);
    const hasConstants = isConstant && model.parameters.length > 0;
    const session = hasConstants
      ? await this.sessionWith(model, this.constants ?? constantsOf(this.parameters))
      : await this.runtime.createSession(model.bytes, files);
    this.loaded.set(name, { model, session, hasConstants });
  }

  /** A session that reads the graph's parameters from memory. */
  private sessionWith(model: OnnxModel, { data, places }: ConstantBuffer): Promise<RuntimeSession> {
    const placeOf = new Map(places.map((place) => [place.name, { ...place, location: constantsPath }]));
    const bytes = withConstantsOutside(model, (name) => {
      const place = placeOf.get(name);
      if (!place) throw new Error(`internal: the engine holds no parameter ${name}`);
      return place;
    });
    return this.runtime.createSession(bytes, [{ path: constantsPath, data }]);
  }

  async unload(name: string): Promise<void> {
    await this.loaded.get(name)?.session.release();
    this.loaded.delete(name);
  }

  async run(
    name: string,
    inputs: Values,
    { state, fresh = false }: RunOptions = {},
  ): Promise<Record<string, TensorValue>> {
    const { session, model, hasConstants } = this.loadedOrThrow(name);
    const held = state === undefined ? undefined : this.stateOrThrow(state);
    if (fresh) held?.clear();
    const [rows = 0] = Object.values(inputs)[0]?.shape ?? [];
    const results = await session.run(this.feeds(model, inputs, { hasConstants, resident: held?.feeds(rows) }));
    held?.take({ ...inputs, ...results });
    const returned = held ? model.outputs.filter(({ name }) => !held.keeps(name)) : model.outputs;
    return Object.fromEntries(
      returned.map(({ name, dtype }) => [name, tensorValue(results[name] as RuntimeTensor, dtype)]),
    );
  }

  async createState(state: string, form: StateForm): Promise<void> {
    this.states.set(state, new ResidentState(this.runtime, form));
  }

  async reorderState(state: string, rows: readonly number[], shared?: number): Promise<void> {
    this.stateOrThrow(state).reorder(rows, shared);
  }

  async joinState(state: string, from: string, skipped: readonly number[]): Promise<void> {
    this.stateOrThrow(state).join(this.stateOrThrow(from), skipped);
    this.stateOrThrow(from).clear();
  }

  async releaseState(state: string): Promise<void> {
    this.states.delete(state);
  }

  async adoptParameters(buffer: ParameterBuffer): Promise<void> {
    this.parameters = buffer;
    this.parameterTensors.clear();
    this.places = new Map(buffer.places.map((place) => [place.name, place]));
    await this.reloadConstants(true);
  }

  async adoptConstants(buffer: ConstantBuffer): Promise<void> {
    this.constants = buffer;
  }

  async readParameters(): Promise<ParameterBuffer> {
    return { data: this.parameters.data.slice(), places: this.parameters.places };
  }

  async writeParameters(data: Float32Array<ArrayBuffer>): Promise<void> {
    this.parameters.data.set(data);
    await this.reloadConstants(true);
  }

  async prepareTraining(graph: TrainingGraph, optimizer: OptimizerChoice): Promise<void> {
    const made = await createOptimizer(optimizer);
    const reduction = this.reduction && (await importReduction(this.reduction));
    await this.ready();
    await this.training?.release();
    this.training = await Training.create(this.runtime, graph, this.parameters, { optimizer: made, reduction });
    this.parameters = this.training.parameters;
    this.parameterTensors.clear();
    await this.reloadConstants(false);
  }

  async step(microBatches: readonly Values[], settings: StepSettings): Promise<StepResult> {
    const training = this.trainingOrThrow();
    return training.step(
      microBatches.map((batch) => this.feeds(training.model, batch)),
      settings,
    );
  }

  async readGradients(batch: Values): Promise<{ loss: number; gradients: Record<string, Float32Array> }> {
    const training = this.trainingOrThrow();
    return training.readGradients(this.feeds(training.model, batch));
  }

  async readOptimizer(): Promise<OptimizerState> {
    return this.trainingOrThrow().readOptimizer();
  }

  async writeOptimizer(state: OptimizerState): Promise<void> {
    this.trainingOrThrow().writeOptimizer(state);
  }

  /** Runs a graph with one addition, to test the device. */
  private async tryOut(): Promise<void> {
    const { target } = this.device;
    const session = await this.runtime.createSession(
      writeModel({ y: input('x', 'float32', [1]).add(1) }, { target }).bytes,
    );
    await session.run({ x: new this.runtime.Tensor('float32', Float32Array.of(1), [1]) });
    await session.release();
  }

  /** Collects a graph's inputs: the given ones, those of a state, and views of the parameters that it reads. */
  private feeds(
    model: OnnxModel,
    inputs: Values,
    {
      resident = {},
      hasConstants = false,
    }: { resident?: Readonly<Record<string, RuntimeTensor>> | undefined; hasConstants?: boolean } = {},
  ): Record<string, RuntimeTensor> {
    const feeds: Record<string, RuntimeTensor> = {};
    for (const { name } of model.inputs) {
      const held = resident[name];
      if (held) {
        feeds[name] = held;
        continue;
      }
      const value = inputs[name] ?? model.constants[name];
      if (!value) throw new Error(`internal: the graph's input ${name} was not given`);
      feeds[name] = this.tensor(value);
    }
    if (!hasConstants) for (const name of model.parameters) feeds[name] = this.parameterTensor(name);
    return feeds;
  }

  private parameterTensor(name: string): RuntimeTensor {
    let tensor = this.parameterTensors.get(name);
    if (!tensor) {
      const place = this.places.get(name);
      if (!place) throw new Error(`internal: the engine holds no parameter ${name}`);
      const data = this.parameters.data.subarray(place.offset, place.offset + place.length);
      tensor = this.tensor({ dtype: 'float32', shape: place.shape, data });
      this.parameterTensors.set(name, tensor);
    }
    return tensor;
  }

  private tensor({ dtype, shape, data }: TensorValue): RuntimeTensor {
    return new this.runtime.Tensor(dtype, data as Float32Array, [...shape]);
  }

  /**
   * Recreates sessions whose constant parameters have changed, or (false) will change: the latter are passed as inputs
   * from now on.
   */
  private async reloadConstants(constantParameters: boolean): Promise<void> {
    for (const [name, { model, hasConstants }] of [...this.loaded]) {
      if (hasConstants) await this.load(name, model, { constantParameters });
    }
  }

  private loadedOrThrow(name: string): Loaded {
    const loaded = this.loaded.get(name);
    if (!loaded) throw new Error(`internal: no graph named ${name} is loaded`);
    return loaded;
  }

  private stateOrThrow(state: string): ResidentState {
    const held = this.states.get(state);
    if (!held) throw new Error(`internal: there is no state named ${state}`);
    return held;
  }

  private trainingOrThrow(): Training {
    if (!this.training) throw new Error('internal: prepareTraining() comes before this');
    return this.training;
  }
}

/** The parameters as constants of float32, in the same memory. */
const constantsOf = ({ data, places }: ParameterBuffer): ConstantBuffer => ({
  data: bytesOf(data),
  places: places.map(({ name, shape, offset, length }) => ({
    name,
    shape,
    offset: offset * 4,
    length: length * 4,
    dataType: TensorProto_DataType.FLOAT,
  })),
});

function tensorValue(tensor: RuntimeTensor, dtype: DType): TensorValue {
  return { dtype, shape: [...tensor.dims], data: tensor.data as TypedData };
}
