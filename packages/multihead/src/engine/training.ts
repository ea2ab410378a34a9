/** @file Training inside the engine: gradients into one flat buffer, clipping, AdamW. */
import type { OnnxModel } from '../onnx/model.js';
import type {
  AdamWStep,
  GradientSource,
  OptimizerState,
  ParameterBuffer,
  ParameterPlace,
  StepResult,
  TrainingGraph,
} from './engine.js';
import { adamWStep, groupStep, type Stretch } from './optimizers/adamw.js';
import { type Block, OptimizerKernel } from './optimizers/optimizer-kernel.js';
import { VisitedRows } from './optimizers/visited-rows.js';
import type { Runtime, RuntimeSession, RuntimeTensor } from './runtime.js';

type Feeds = Record<string, RuntimeTensor>;

/** A gradient source with its place among the gradients and its parameter's among the parameters. */
interface Target extends GradientSource {
  readonly place: ParameterPlace;
  readonly offset: number;
  /** Of a table whose gradient comes in rows only: the rows that are not zero, so that the others need not be visited. */
  readonly touched: Set<number>;
  /** Of such a table: the rows that have ever had a gradient. */
  readonly visited?: VisitedRows;
}

/** One training graph with its gradients and optimizer state. */
export class Training {
  /** The parameters, moved to where the optimizer can reach them. */
  readonly parameters: ParameterBuffer;
  private readonly kernel: OptimizerKernel;
  private readonly firstMoment: Block;
  private readonly secondMoment: Block;
  private readonly gradients: Block;
  /** Sum over micro-batches; made when there first are several. */
  private accumulated: Block | undefined;
  private readonly stretches: readonly Stretch[];
  private readonly fetches: Record<string, RuntimeTensor | null>;
  private readonly loss = new Float32Array(1);
  private steps = 0;

  private constructor(
    runtime: Runtime,
    readonly model: OnnxModel,
    private readonly session: RuntimeSession,
    parameters: ParameterBuffer,
    private readonly targets: readonly Target[],
  ) {
    const total = targets.reduce((end, { offset, place }) => Math.max(end, offset + aligned(place.length)), 0);
    this.kernel = OptimizerKernel.create([parameters.data.length, total, total, total]);
    const data = this.kernel.allocate(parameters.data.length);
    data.set(parameters.data);
    this.parameters = { data, places: parameters.places };
    this.gradients = this.kernel.allocate(total);
    this.firstMoment = this.kernel.allocate(total);
    this.secondMoment = this.kernel.allocate(total);
    this.stretches = stretchesOf(targets);
    // Dense gradients are written straight into the flat buffer. Rows have run-time sizes: ONNX Runtime allocates them.
    this.fetches = { loss: new runtime.Tensor('float32', this.loss, []) };
    for (const { dense, rows, offset, place } of targets) {
      if (dense) {
        const view = this.gradients.subarray(offset, offset + place.length);
        this.fetches[dense] = new runtime.Tensor('float32', view, [...place.shape]);
      }
      for (const { numbers, values } of rows) {
        this.fetches[values] = null;
        if (numbers && !model.inputs.some(({ name }) => name === numbers)) this.fetches[numbers] = null;
      }
    }
  }

  static async create(runtime: Runtime, graph: TrainingGraph, parameters: ParameterBuffer): Promise<Training> {
    const places = new Map(parameters.places.map((place) => [place.name, place]));
    let offset = 0;
    const targets = graph.gradients
      .map((source) => ({ source, place: places.get(source.parameter) as ParameterPlace }))
      .sort((a, b) => a.place.offset - b.place.offset)
      .map(({ source, place }): Target => {
        const width = place.length / (place.shape[0] as number);
        const isTable = !source.dense && width % 4 === 0;
        const visited = isTable && new VisitedRows(aligned(place.length), width);
        const target = { ...source, place, offset, touched: new Set<number>(), ...(visited && { visited }) };
        offset += aligned(place.length);
        return target;
      });
    const session = await runtime.createSession(graph.model.bytes);
    return new Training(runtime, graph.model, session, parameters, targets);
  }

  async step(microBatches: readonly Feeds[], settings: AdamWStep): Promise<StepResult> {
    let loss = 0;
    for (const [i, batch] of microBatches.entries()) {
      loss += await this.backward(batch);
      if (microBatches.length > 1) this.accumulate(i === 0);
    }
    const gradients = microBatches.length > 1 ? (this.accumulated as Block) : this.gradients;
    const average = 1 / microBatches.length;
    const gradientNorm = Math.sqrt(this.sumOfSquares(gradients, settings)) * average;
    const { maxGradNorm } = settings;
    // PyTorch's clip_grad_norm_ divides by the norm plus 1e-6.
    const clip = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (gradientNorm + 1e-6)) : 1;
    const { firstMoment, secondMoment } = this;
    const buffers = { parameters: this.parameters.data, gradients, firstMoment, secondMoment };
    this.steps += 1;
    adamWStep(this.kernel, buffers, this.stretches, settings, this.steps, clip * average);
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
    for (const { visited, offset, place } of this.targets) {
      visited?.addNonZero(firstMoment.subarray(offset, offset + place.length));
      visited?.addNonZero(secondMoment.subarray(offset, offset + place.length));
    }
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** Runs the graph; afterwards the flat buffer holds this batch's gradients. Returns the loss. */
  private async backward(batch: Feeds): Promise<number> {
    const results = await this.session.run(batch, this.fetches);
    for (const { dense, rows, offset, place, touched, visited } of this.targets) {
      const gradient = this.gradients.subarray(offset, offset + place.length);
      const width = place.length / (place.shape[0] as number);
      if (!dense) for (const row of touched) gradient.fill(0, row * width, (row + 1) * width);
      touched.clear();
      for (const { numbers, values, paddingIndex } of rows) {
        const at = numbers && ((batch[numbers] ?? results[numbers]) as RuntimeTensor).data;
        const added = (results[values] as RuntimeTensor).data as Float32Array;
        addRows({ table: gradient, width, touched }, added, at as BigInt64Array | undefined, paddingIndex);
      }
      if (visited) for (const row of touched) visited.add(row);
    }
    return this.loss[0] as number;
  }

  /** The sum of all squares of what the step learns from. Of tables that only rows were added to, the zeros are left out. */
  private sumOfSquares(gradients: Block, settings: AdamWStep): number {
    const isWhole = gradients === this.gradients;
    let sum = 0;
    for (const { dense, offset, place, touched, group } of this.targets) {
      if (groupStep(settings, group).rate === 0) continue;
      const width = place.length / (place.shape[0] as number);
      const byRows = isWhole && !dense && width % 4 === 0;
      const at = (start: number, length: number) => gradients.subarray(offset + start, offset + start + length);
      if (!byRows) sum += this.kernel.sumOfSquares(at(0, aligned(place.length)));
      else for (const row of touched) sum += this.kernel.sumOfSquares(at(row * width, width));
    }
    return sum;
  }

  private accumulate(first: boolean): void {
    this.accumulated ??= new Float32Array(this.gradients.length);
    if (first) this.accumulated.set(this.gradients);
    else this.kernel.add(this.accumulated, this.gradients);
  }
}

/** Elements from one parameter to the next, a multiple of 64 bytes as among the parameters. The gap is zero. */
const aligned = (length: number): number => Math.ceil(length / 16) * 16;

/** Adds rows to a table at their numbers (without numbers, to its first rows), except to the padding's row. */
function addRows(
  { table, width, touched }: { table: Float32Array; width: number; touched: Set<number> },
  rows: Float32Array,
  numbers: BigInt64Array | undefined,
  paddingIndex: number | undefined,
): void {
  for (let r = 0; r * width < rows.length; r++) {
    const number = Number(numbers?.[r] ?? r);
    if (number === paddingIndex) continue;
    touched.add(number);
    const to = number * width;
    const from = r * width;
    for (let i = 0; i < width; i++) table[to + i] = (table[to + i] as number) + (rows[from + i] as number);
  }
}

/** Joins neighbours that share a decay and a group, so that the optimizer makes few and long passes. */
function stretchesOf(targets: readonly Target[]): Stretch[] {
  const stretches: (Stretch & { length: number })[] = [];
  for (const { place, offset, decay, group, visited } of targets) {
    const length = aligned(place.length);
    const last = stretches.at(-1);
    const joins = last && !last.visited && !visited && last.decay === decay && last.group === group;
    if (joins && last.parameterOffset + last.length === place.offset) last.length += length;
    else
      stretches.push({
        parameterOffset: place.offset,
        gradientOffset: offset,
        length,
        decay,
        group,
        ...(visited && { visited }),
      });
  }
  return stretches;
}
