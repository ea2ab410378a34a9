/** @file Training inside the engine: gradients into one flat buffer, clipping, AdamW. */
import type { InferenceSession } from 'onnxruntime-common';
import type { OnnxModel } from '../onnx/model.js';
import { AdamW, type Stretch } from './adamw.js';
import type {
  AdamWStep,
  GradientSource,
  OptimizerState,
  ParameterBuffer,
  ParameterPlace,
  StepResult,
  TrainingGraph,
} from './engine.js';
import type { Runtime, RuntimeTensor } from './runtime.js';

type Feeds = Record<string, RuntimeTensor>;

/** A gradient source with its place among the gradients and its parameter's among the parameters. */
interface Target extends GradientSource {
  readonly place: ParameterPlace;
  readonly offset: number;
}

/** One training graph with its gradients and optimizer state. */
export class Training {
  private readonly firstMoment: Float32Array<ArrayBuffer>;
  private readonly secondMoment: Float32Array<ArrayBuffer>;
  private readonly gradients: Float32Array<ArrayBuffer>;
  /** Sum over micro-batches; made when there first are several. */
  private accumulated: Float32Array<ArrayBuffer> | undefined;
  private readonly stretches: readonly Stretch[];
  private readonly fetches: Feeds;
  private readonly loss = new Float32Array(1);
  private steps = 0;

  private constructor(
    runtime: Runtime,
    readonly model: OnnxModel,
    private readonly session: InferenceSession,
    private readonly adamW: AdamW,
    private readonly parameters: ParameterBuffer,
    private readonly targets: readonly Target[],
  ) {
    const total = targets.reduce((end, { offset, place }) => Math.max(end, offset + place.length), 0);
    this.gradients = new Float32Array(total);
    this.firstMoment = new Float32Array(total);
    this.secondMoment = new Float32Array(total);
    this.stretches = stretchesOf(targets);
    // Dense gradients are written straight into the flat buffer. Rows have run-time sizes: ONNX Runtime allocates them.
    this.fetches = { loss: new runtime.Tensor('float32', this.loss, []) };
    const open: Record<string, null> = {};
    for (const { dense, rows, offset, place } of targets) {
      if (dense) {
        const view = this.gradients.subarray(offset, offset + place.length);
        this.fetches[dense] = new runtime.Tensor('float32', view, [...place.shape]);
      }
      for (const { numbers, values } of rows) {
        open[values] = null;
        if (numbers && !model.inputs.some(({ name }) => name === numbers)) open[numbers] = null;
      }
    }
    Object.assign(this.fetches, open);
  }

  static async create(runtime: Runtime, graph: TrainingGraph, parameters: ParameterBuffer): Promise<Training> {
    const places = new Map(parameters.places.map((place) => [place.name, place]));
    let offset = 0;
    const targets = [...graph.gradients]
      .map((source) => ({ source, place: places.get(source.parameter) as ParameterPlace }))
      .sort((a, b) => a.place.offset - b.place.offset)
      .map(({ source, place }) => {
        const target = { ...source, place, offset };
        offset += place.length;
        return target;
      });
    const session = await runtime.createSession(graph.model.bytes);
    return new Training(runtime, graph.model, session, await AdamW.create(runtime), parameters, targets);
  }

  async step(microBatches: readonly Feeds[], settings: AdamWStep): Promise<StepResult> {
    let loss = 0;
    for (const [i, batch] of microBatches.entries()) {
      loss += await this.backward(batch);
      if (microBatches.length > 1) this.accumulate(i === 0);
    }
    const gradients = microBatches.length > 1 ? (this.accumulated as Float32Array<ArrayBuffer>) : this.gradients;
    const average = 1 / microBatches.length;
    const gradientNorm = (await this.adamW.norm(gradients)) * average;
    const { maxGradNorm } = settings;
    // PyTorch's clip_grad_norm_ divides by the norm plus 1e-6.
    const clip = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (gradientNorm + 1e-6)) : 1;
    const buffers = {
      parameters: this.parameters.data,
      gradients,
      firstMoment: this.firstMoment,
      secondMoment: this.secondMoment,
    };
    this.steps += 1;
    await this.adamW.step(buffers, this.stretches, settings, this.steps, clip * average);
    return { loss: loss * average, gradientNorm };
  }

  async readGradients(batch: Feeds): Promise<{ loss: number; gradients: Record<string, Float32Array> }> {
    const loss = await this.backward(batch);
    const gradients = Object.fromEntries(
      this.targets.map(({ parameter, offset, place }) => [
        parameter,
        this.gradients.slice(offset, offset + place.length),
      ]),
    );
    return { loss, gradients };
  }

  readOptimizer(): OptimizerState {
    return { firstMoment: this.firstMoment.slice(), secondMoment: this.secondMoment.slice(), steps: this.steps };
  }

  writeOptimizer({ firstMoment, secondMoment, steps }: OptimizerState): void {
    this.firstMoment.set(firstMoment);
    this.secondMoment.set(secondMoment);
    this.steps = steps;
  }

  async release(): Promise<void> {
    await this.session.release();
    await this.adamW.release();
  }

  /** Runs the graph; afterwards the flat buffer holds this batch's gradients. Returns the loss. */
  private async backward(batch: Feeds): Promise<number> {
    const results = await this.session.run(batch, this.fetches);
    for (const { dense, rows, offset, place } of this.targets) {
      const gradient = this.gradients.subarray(offset, offset + place.length);
      if (!dense) gradient.fill(0);
      const width = place.length / (place.shape[0] as number);
      for (const { numbers, values, paddingIndex } of rows) {
        const at = numbers && ((batch[numbers] ?? results[numbers]) as RuntimeTensor).data;
        const added = (results[values] as RuntimeTensor).data as Float32Array;
        addRows(gradient, width, added, at as BigInt64Array | undefined, paddingIndex);
      }
    }
    return this.loss[0] as number;
  }

  private accumulate(first: boolean): void {
    this.accumulated ??= new Float32Array(this.gradients.length);
    if (first) {
      this.accumulated.set(this.gradients);
      return;
    }
    const { accumulated, gradients } = this;
    for (let i = 0; i < gradients.length; i++) {
      accumulated[i] = (accumulated[i] as number) + (gradients[i] as number);
    }
  }
}

/** Adds rows to a table at their numbers (without numbers, to its first rows), except to the padding's row. */
function addRows(
  table: Float32Array,
  width: number,
  rows: Float32Array,
  numbers: BigInt64Array | undefined,
  paddingIndex: number | undefined,
): void {
  for (let r = 0; r * width < rows.length; r++) {
    const number = Number(numbers?.[r] ?? r);
    if (number === paddingIndex) continue;
    const to = number * width;
    const from = r * width;
    for (let i = 0; i < width; i++) table[to + i] = (table[to + i] as number) + (rows[from + i] as number);
  }
}

/** Joins neighbours that share a decay, so that the optimizer makes few and long passes. */
function stretchesOf(targets: readonly Target[]): Stretch[] {
  const stretches: { parameterOffset: number; gradientOffset: number; length: number; decay: boolean }[] = [];
  for (const { place, offset, decay } of targets) {
    const last = stretches.at(-1);
    if (last && last.decay === decay && last.parameterOffset + last.length === place.offset) {
      last.length += place.length;
    } else {
      stretches.push({ parameterOffset: place.offset, gradientOffset: offset, length: place.length, decay });
    }
  }
  return stretches;
}
