/** @file Training in the engine: gradients in one flat buffer, clipping, and the optimizer's step. */
import type { OnnxModel } from '../../onnx/model.js';
import type { GradientReduction } from '../distributed/reduction.js';
import type {
  GradientSource,
  OptimizerState,
  ParameterBuffer,
  ParameterPlace,
  StepResult,
  StepSettings,
  TrainingGraph,
} from '../engine.js';
import { AppliedOptimizer, groupStep, type LearningParameter, stateLengths } from '../optimizers/applied-optimizer.js';
import type { FloatBlock, Optimizer } from '../optimizers/optimizer.js';
import { OptimizerKernel } from '../optimizers/optimizer-kernel.js';
import { aligned } from '../optimizers/state-tensors.js';
import { VisitedRows } from '../optimizers/visited-rows.js';
import type { Runtime, RuntimeSession, RuntimeTensor } from './runtime.js';

type Feeds = Record<string, RuntimeTensor>;

/** A gradient source with its offset among the gradients and the offset of its parameter. */
interface Target extends GradientSource, LearningParameter {
  /** For a table with row gradients only: the nonzero rows, so that the others can be skipped. */
  readonly touched: Set<number>;
}

/** Parts of a training step, besides the graph. */
interface StepParts {
  readonly optimizer: Optimizer;
  readonly reduction?: GradientReduction | undefined;
}

/** One training graph with its gradients and optimizer state. */
export class Training {
  /** The parameters, in memory that the optimizer can access. */
  readonly parameters: ParameterBuffer;
  private readonly kernel: OptimizerKernel;
  private readonly optimizer: AppliedOptimizer;
  private readonly gradients: FloatBlock;
  /** Sum over micro-batches, allocated when a step first has several, or a reduction. */
  private accumulated: FloatBlock | undefined;
  private readonly fetches: Record<string, RuntimeTensor | null>;
  private readonly loss = new Float32Array(1);
  private readonly reduction: GradientReduction | undefined;

  private constructor(
    runtime: Runtime,
    readonly model: OnnxModel,
    private readonly session: RuntimeSession,
    parameters: ParameterBuffer,
    private readonly targets: readonly Target[],
    { optimizer, reduction }: StepParts,
  ) {
    this.reduction = reduction;
    const total = targets.reduce((end, { offset, place }) => Math.max(end, offset + aligned(place.length)), 0);
    this.kernel = OptimizerKernel.create([parameters.data.length, total, ...stateLengths(optimizer, targets)]);
    const data = this.kernel.allocate(parameters.data.length);
    data.set(parameters.data);
    this.parameters = { data, places: parameters.places };
    this.gradients = this.kernel.allocate(total);
    this.optimizer = new AppliedOptimizer(optimizer, this.kernel, data, targets);
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

  static async create(
    runtime: Runtime,
    graph: TrainingGraph,
    parameters: ParameterBuffer,
    parts: StepParts,
  ): Promise<Training> {
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
    return new Training(runtime, graph.model, session, parameters, targets, parts);
  }

  async step(microBatches: readonly Feeds[], settings: StepSettings): Promise<StepResult> {
    let sum = 0;
    const isSummed = microBatches.length > 1 || this.reduction !== undefined;
    for (const [i, batch] of microBatches.entries()) {
      sum += await this.backward(batch);
      if (isSummed) this.accumulate(i === 0);
    }
    const gradients = isSummed ? (this.accumulated as FloatBlock) : this.gradients;
    const average = 1 / microBatches.length;
    const loss = await this.reduced(gradients, sum * average);
    const gradientNorm = Math.sqrt(this.sumOfSquares(gradients, settings)) * average;
    const { maxGradNorm } = settings;
    // PyTorch's clip_grad_norm_ divides by the norm plus 1e-6.
    const clip = maxGradNorm > 0 ? Math.min(1, maxGradNorm / (gradientNorm + 1e-6)) : 1;
    this.optimizer.step(gradients, settings, clip * average);
    return { loss, gradientNorm };
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
    return this.optimizer.read();
  }

  writeOptimizer(state: OptimizerState): void {
    this.optimizer.write(state);
  }

  release(): Promise<void> {
    return this.session.release();
  }

  /** Runs the graph, writes the batch's gradients to the flat buffer, and returns the loss. */
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

  /** Sum of the squared gradients. Zero rows of tables with row gradients are skipped. */
  private sumOfSquares(gradients: FloatBlock, settings: StepSettings): number {
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

  /** Averages gradients and loss with other engines; returns the mean loss. */
  private async reduced(gradients: FloatBlock, loss: number): Promise<number> {
    if (!this.reduction) return loss;
    const mean = await this.reduction.reduce(gradients, loss);
    for (const { visited, offset, place } of this.targets) {
      visited?.addNonZero(gradients.subarray(offset, offset + place.length)); // rows that the others met
    }
    return mean;
  }

  private accumulate(first: boolean): void {
    this.accumulated ??= new Float32Array(this.gradients.length);
    if (first) this.accumulated.set(this.gradients);
    else this.kernel.add(this.accumulated, this.gradients);
  }
}

/** Adds rows to a table at the given indices (without indices, to its first rows), except the padding row. */
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
