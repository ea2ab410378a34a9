/**
 * @file The engine's inside: sessions, the parameters' flat buffer, and training. It runs in the worker, on any platform
 * that gives it a {@link Runtime}.
 */
import type { InferenceSession } from 'onnxruntime-common';
import type { OnnxModel } from '../onnx/model.js';
import type { DType, TypedData } from '../tensor/dtype.js';
import type {
  AdamWStep,
  OptimizerState,
  ParameterBuffer,
  ParameterPlace,
  StepResult,
  TensorValue,
  TrainingGraph,
  Values,
} from './engine.js';
import type { Runtime, RuntimeTensor } from './runtime.js';
import { Training } from './training.js';

interface Loaded {
  readonly session: InferenceSession;
  readonly model: OnnxModel;
}

/** An engine without its worker: the same methods, run where it is made. */
export class EngineCore {
  private readonly loaded = new Map<string, Loaded>();
  private parameters: ParameterBuffer = { data: new Float32Array(0), places: [] };
  private places = new Map<string, ParameterPlace>();
  private training: Training | undefined;

  constructor(private readonly runtime: Runtime) {}

  async load(name: string, model: OnnxModel): Promise<void> {
    await this.unload(name);
    this.loaded.set(name, { model, session: await this.runtime.createSession(model.bytes) });
  }

  async unload(name: string): Promise<void> {
    await this.loaded.get(name)?.session.release();
    this.loaded.delete(name);
  }

  async run(name: string, inputs: Values): Promise<Record<string, TensorValue>> {
    const loaded = this.loaded.get(name);
    if (!loaded) throw new Error(`internal: no graph named ${name} is loaded`);
    const results = await loaded.session.run(this.feeds(loaded.model, inputs));
    return Object.fromEntries(
      loaded.model.outputs.map(({ name, dtype }) => [name, tensorValue(results[name] as RuntimeTensor, dtype)]),
    );
  }

  async adoptParameters(buffer: ParameterBuffer): Promise<void> {
    this.parameters = buffer;
    this.places = new Map(buffer.places.map((place) => [place.name, place]));
  }

  async readParameters(): Promise<ParameterBuffer> {
    return { data: this.parameters.data.slice(), places: this.parameters.places };
  }

  async writeParameters(data: Float32Array<ArrayBuffer>): Promise<void> {
    this.parameters.data.set(data);
  }

  async prepareTraining(graph: TrainingGraph): Promise<void> {
    await this.training?.release();
    this.training = await Training.create(this.runtime, graph, this.parameters);
    this.parameters = this.training.parameters;
  }

  async step(microBatches: readonly Values[], settings: AdamWStep): Promise<StepResult> {
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

  /** What a graph is fed: the given inputs, and views of the parameters that it reads. */
  private feeds(model: OnnxModel, inputs: Values): Record<string, RuntimeTensor> {
    const feeds: Record<string, RuntimeTensor> = {};
    for (const { name } of model.inputs) {
      const value = inputs[name];
      if (!value) throw new Error(`internal: the graph's input ${name} was not given`);
      feeds[name] = this.tensor(value);
    }
    for (const name of model.parameters) {
      const place = this.places.get(name);
      if (!place) throw new Error(`internal: the engine holds no parameter ${name}`);
      const data = this.parameters.data.subarray(place.offset, place.offset + place.length);
      feeds[name] = this.tensor({ dtype: 'float32', shape: place.shape, data });
    }
    return feeds;
  }

  private tensor({ dtype, shape, data }: TensorValue): RuntimeTensor {
    return new this.runtime.Tensor(dtype, data as Float32Array, [...shape]);
  }

  private trainingOrThrow(): Training {
    if (!this.training) throw new Error('internal: prepareTraining() comes before this');
    return this.training;
  }
}

function tensorValue(tensor: RuntimeTensor, dtype: DType): TensorValue {
  return { dtype, shape: [...tensor.dims], data: tensor.data as TypedData };
}
