/** @file The Trainer: epochs over batches, evaluation, the best model kept, checkpoints, and events on the way. */
import { exists, joinPath, makeDirectory, remove, writeAtomically } from '#files';
import { epochBatches } from '../data/batching.js';
import type { Engine, StepResult, Values } from '../engine/engine.js';
import { UserError } from '../errors.js';
import type { PretrainedModel } from '../models/pretrained.js';
import { deriveSeed, Random } from '../random.js';
import { checkFeatures } from '../tasks/limits.js';
import { evaluateExamples } from '../tasks/predict.js';
import type { Evaluation, Feature, Task, TrainingTask } from '../tasks/task.js';
import type { Tokenizer } from '../text/tokenizer.js';
import {
  checkSettings,
  cleanUp,
  holdsRun,
  latestCheckpoint,
  type RunState,
  readRunState,
  restoreOptimizer,
  restoreWeights,
  writeCheckpoint,
  writeRunState,
} from './checkpoint.js';
import type { TrainingEvent } from './events.js';
import { type FeatureSource, listSource } from './feature-source.js';
import { fingerprintOfExamples } from './fingerprint.js';
import { type TrainingOptions, trainingOptions } from './options.js';
import { scheduleFactor } from './schedule.js';
import { TrainingStep } from './training-step.js';

/** What every run works with, besides its settings. */
interface CommonInputs {
  readonly model: PretrainedModel;
  /** Saved with the model. */
  readonly tokenizer: Tokenizer;
  /** The folder of the result. Without one nothing is written, and the model ends as the last step left it. */
  readonly output?: string | undefined;
  /** Go on from the newest checkpoint in the output folder; a run that has ended there stays as it is. */
  readonly resume?: boolean | undefined;
  /** Listens to the run's events. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
}

/** Training by examples of a task. */
export interface TrainerInputs<Example, OneFeature extends Feature, Decoded, Prediction> extends CommonInputs {
  readonly task: Task<Example, OneFeature, Decoded, Prediction>;
  readonly train: readonly Example[];
  /** Evaluated after each epoch; the best model by the task's main metric is kept. Without it, the last one is. */
  readonly evaluation?: readonly Example[] | undefined;
}

/** Training by features that a source gives, such as the blocks of a corpus. */
export interface SourceInputs<OneFeature extends Feature> extends CommonInputs {
  readonly task: TrainingTask<OneFeature>;
  readonly train: FeatureSource<OneFeature>;
  /** Evaluates the model as it is. */
  readonly evaluation?: Evaluator | undefined;
}

/** An evaluation of whatever kind, with a mark of what it evaluates on. */
export interface Evaluator {
  evaluate(): Promise<Evaluation>;
  fingerprint(): string;
}

/**
 * Trains a model for a task.
 *
 * @example
 * const trainer = new Trainer({ model, task, tokenizer, train, evaluation, output: 'runs/sst2', epochs: 3, batchSize: 32 });
 * await trainer.train();
 * console.log((await trainer.evaluate()).report);
 */
export class Trainer<Example, OneFeature extends Feature, Decoded, Prediction> {
  readonly options: TrainingOptions;
  private readonly inputs: TrainerInputs<Example, OneFeature, Decoded, Prediction> | SourceInputs<OneFeature>;
  private source: FeatureSource<OneFeature> = listSource([]);
  private lengths: readonly number[] = [];
  private stepsPerEpoch = 0;
  private totalSteps = 0;
  private isOutputReady = false;

  constructor(
    given: (TrainerInputs<Example, OneFeature, Decoded, Prediction> | SourceInputs<OneFeature>) &
      Partial<TrainingOptions>,
  ) {
    const { model, task, tokenizer, train, evaluation, output, resume, onEvent, ...settings } = given;
    this.inputs = { model, task, tokenizer, train, evaluation, output, resume, onEvent } as typeof this.inputs;
    this.options = trainingOptions(settings);
    if (train.length === 0) throw new UserError('there are no training examples');
  }

  /** Runs the training to its end. With an output folder, it then holds the best model (the last, without evaluation). */
  async train(): Promise<{ steps: number; seconds: number; loss: number; best: number | null }> {
    const { model, task, output } = this.inputs;
    await this.prepareSource();
    const training = await TrainingStep.create(model, () => task.loss(model), this.options);
    const { engine, trainable } = training;
    this.isOutputReady = false;
    let state = await this.startingState(training);
    const hasEnded = this.isOver(state);
    this.emit({
      type: 'start',
      features: this.source.length,
      parameters: model.weights.count,
      trainableParameters: trainable.reduce((sum, { length }) => sum + length, 0),
      epochs: Math.ceil(this.totalSteps / this.stepsPerEpoch),
      totalSteps: this.totalSteps,
      resumedAt: state.step,
    });
    while (!this.isOver(state)) {
      state = await this.runEpoch(training, state);
      state = await this.endEpoch(engine, state);
    }
    if (output && !hasEnded) await this.finish(output, engine, state);
    else if (output) await cleanUp(output, { checkpoints: false }); // a kill at the very end may have left something
    const { step: steps, seconds, epochLoss: loss, best } = state;
    this.emit({ type: 'end', steps, seconds, loss });
    return { steps, seconds, loss, best };
  }

  /** Evaluates the model as it is: on the evaluation that the Trainer was given, or on other examples. */
  evaluate(examples?: readonly Example[]): Promise<Evaluation> {
    const { inputs } = this;
    const on = examples ?? inputs.evaluation;
    if (!on) throw new UserError('evaluate: there are no evaluation examples; give some');
    if ('evaluate' in on) return on.evaluate();
    const { model, task } = inputs as TrainerInputs<Example, OneFeature, Decoded, Prediction>;
    return evaluateExamples(model, task, on, { batchSize: this.options.evalBatchSize });
  }

  private isOver({ step }: RunState): boolean {
    return step >= this.totalSteps;
  }

  /** Turns examples into features, and counts the steps. */
  private async prepareSource(): Promise<void> {
    const { inputs } = this;
    if (isSource(inputs)) {
      this.source = inputs.train;
    } else {
      const features = (await inputs.task.encode(inputs.train)).flat();
      checkFeatures(features, inputs.model.config);
      this.source = listSource(features);
    }
    const { batchSize, gradientAccumulationSteps, epochs, maxSteps } = this.options;
    this.stepsPerEpoch = Math.ceil(Math.ceil(this.source.length / batchSize) / gradientAccumulationSteps);
    this.totalSteps = maxSteps > 0 ? maxSteps : this.stepsPerEpoch * epochs;
  }

  /** The place from which the run starts: the beginning, or that of the newest checkpoint. */
  private async startingState({ engine, fingerprint }: TrainingStep): Promise<RunState> {
    const { model, evaluation, output, resume } = this.inputs;
    const settings: Record<string, unknown> = {
      ...this.options,
      features: this.source.length,
      trainingData: this.source.fingerprint(),
      evaluationData: evaluation ? fingerprintOfEvaluation(evaluation) : null,
      trainingGraph: fingerprint,
    };
    const fresh = { step: 0, epoch: 0, stepInEpoch: 0, best: null, lossSum: 0, epochLoss: 0, seconds: 0, settings };
    if (!resume) return fresh;
    if (!output) throw new UserError('resume: name the output folder of the run that is to go on');
    const checkpoint = await latestCheckpoint(output);
    const place = checkpoint ?? output;
    if (!checkpoint && !(await holdsRun(output))) {
      if (!(await exists(joinPath(output, 'model.safetensors')))) return fresh;
      throw new UserError(`${output}: holds a model, but no run that could go on. Give another output folder.`);
    }
    const state = await readRunState(place);
    checkSettings(place, state, settings);
    if (state.step === 0) return fresh;
    await restoreWeights(joinPath(place, 'model.safetensors'), engine, model.weights.places);
    if (checkpoint) await restoreOptimizer(checkpoint, engine);
    return state;
  }

  /**
   * After the first step, which shows that the run can go: makes the output folder. A run that begins leaves a note of
   * its settings there, so that it is known as its own, and takes an older run's checkpoints away.
   */
  private async prepareOutput(output: string, start: RunState): Promise<void> {
    const isNew = start.step === 0;
    await makeDirectory(output);
    if (isNew) await writeRunState(output, start);
    await cleanUp(output, { checkpoints: isNew });
    this.isOutputReady = true;
  }

  /** Makes the steps that are left of an epoch. */
  private async runEpoch(training: TrainingStep, start: RunState): Promise<RunState> {
    const { batchSize, seed, lengthBucketing, gradientAccumulationSteps, saveSteps, evalSteps } = this.options;
    this.lengths = Array.from({ length: this.source.length }, (_, i) => this.source.lengthOf(i, start.epoch));
    const batches = epochBatches(this.lengths, { batchSize, seed, epoch: start.epoch, bucketing: lengthBucketing });
    const { output } = this.inputs;
    let state = start;
    while (state.stepInEpoch < this.stepsPerEpoch && state.step < this.totalSteps) {
      const first = state.stepInEpoch * gradientAccumulationSteps;
      const began = performance.now();
      const { loss } = await this.step(training, batches.slice(first, first + gradientAccumulationSteps), state);
      state = {
        ...state,
        step: state.step + 1,
        stepInEpoch: state.stepInEpoch + 1,
        lossSum: state.lossSum + loss,
        seconds: state.seconds + (performance.now() - began) / 1000,
      };
      if (output && !this.isOutputReady) await this.prepareOutput(output, start);
      const isAt = (every: number) => every > 0 && state.step % every === 0 && state.step < this.totalSteps;
      if (isAt(evalSteps)) state = { ...state, best: await this.evaluateAndKeep(state) };
      const endsEpoch = state.stepInEpoch === this.stepsPerEpoch;
      if (isAt(saveSteps) && !endsEpoch) await this.checkpoint(training.engine, state);
    }
    return state;
  }

  /** One optimizer step over some batches. */
  private async step(
    training: TrainingStep,
    batches: readonly (readonly number[])[],
    state: RunState,
  ): Promise<StepResult> {
    const { task } = this.inputs;
    const { adamBeta1, adamBeta2, adamEpsilon, weightDecay, maxGradNorm, seed } = this.options;
    const rate = this.learningRate(state.step);
    const began = performance.now();
    const microBatches: Values[] = [];
    for (const [i, batch] of batches.entries()) {
      const features = await this.source.read(batch, state.epoch);
      microBatches.push(task.collate(features, new Random(deriveSeed(seed, 'collate', state.step, i))));
    }
    const adamW = { beta1: adamBeta1, beta2: adamBeta2, epsilon: adamEpsilon, weightDecay, maxGradNorm };
    const result = await training.step(microBatches, { learningRate: rate, ...adamW }, state.step);
    if (!Number.isFinite(result.loss)) {
      throw new UserError(
        `the loss became ${result.loss} at step ${state.step + 1}. A smaller --learning-rate or a longer warm-up helps.`,
      );
    }
    this.emit({
      type: 'step',
      step: state.step + 1,
      totalSteps: this.totalSteps,
      epoch: state.epoch + (state.stepInEpoch + 1) / this.stepsPerEpoch,
      loss: result.loss,
      learningRate: rate,
      gradientNorm: result.gradientNorm,
      tokens: batches.flat().reduce((sum, i) => sum + (this.lengths[i] as number), 0),
      milliseconds: performance.now() - began,
      batches,
    });
    return result;
  }

  private learningRate(step: number): number {
    const { learningRate, warmupRatio, warmupSteps, lrSchedulerType } = this.options;
    const { totalSteps } = this;
    const warmup = warmupSteps > 0 ? warmupSteps : Math.ceil(totalSteps * warmupRatio);
    return learningRate * scheduleFactor(lrSchedulerType, { step, warmupSteps: warmup, totalSteps });
  }

  /** Evaluates, keeps the model if it is the best, and writes a checkpoint from which the next epoch can start. */
  private async endEpoch(engine: Engine, state: RunState): Promise<RunState> {
    const { evaluation, output } = this.inputs;
    const isLast = state.step >= this.totalSteps;
    let { best } = state;
    if (evaluation && (isLast || this.options.evalSteps === 0)) best = await this.evaluateAndKeep(state);
    else if (!evaluation && output) await this.saveResult(output);
    const epochLoss = state.lossSum / state.stepInEpoch;
    const next = { ...state, epoch: state.epoch + 1, stepInEpoch: 0, lossSum: 0, epochLoss, best };
    if (!isLast) await this.checkpoint(engine, next);
    return next;
  }

  /** Evaluates, and keeps the model if it is the best so far. Returns the best value of the main metric. */
  private async evaluateAndKeep(state: RunState): Promise<number | null> {
    const { output, evaluation } = this.inputs;
    if (!evaluation) return state.best;
    const { best } = state;
    const result = await this.evaluate();
    const value = result.metrics[result.mainMetric] as number;
    // Of equals the later, which has seen more.
    const isBest = best === null || (result.greaterIsBetter === false ? value <= best : value >= best);
    if (isBest && output) await this.saveResult(output, result);
    const epoch = state.epoch + state.stepInEpoch / this.stepsPerEpoch;
    this.emit({ type: 'evaluation', epoch, step: state.step, best: isBest, ...result });
    // Not every score is a number: predictions that are all the same have no correlation.
    return isBest && !Number.isNaN(value) ? value : best;
  }

  private async checkpoint(engine: Engine, state: RunState): Promise<void> {
    const { model, output } = this.inputs;
    if (!output) return;
    const path = await writeCheckpoint(output, model, engine, state);
    this.emit({ type: 'checkpoint', step: state.step, path });
  }

  /** Writes model, tokenizer and scores into the output folder. */
  private async saveResult(output: string, evaluation?: Evaluation): Promise<void> {
    const { model, tokenizer } = this.inputs;
    await model.savePretrained(output);
    for (const [name, text] of Object.entries(tokenizer.files())) await writeAtomically(joinPath(output, name), text);
    if (!evaluation) {
      await remove(joinPath(output, 'eval_results.json')); // an older model's
    } else {
      const scores = { ...evaluation.metrics, main_metric: evaluation.mainMetric };
      await writeAtomically(joinPath(output, 'eval_results.json'), `${JSON.stringify(scores, null, 2)}\n`);
    }
  }

  /**
   * Ends a run: the model is the kept one, which is not always the last; the run's state tells that it has ended; and
   * checkpoints, which nobody needs any more, go. In this order, so that a run killed here can still be resumed.
   */
  private async finish(output: string, engine: Engine, state: RunState): Promise<void> {
    const { model, evaluation } = this.inputs;
    if (evaluation) await restoreWeights(joinPath(output, 'model.safetensors'), engine, model.weights.places);
    await writeRunState(output, state);
    await cleanUp(output, { checkpoints: true });
  }

  private emit(event: TrainingEvent): void {
    this.inputs.onEvent?.(event);
  }
}

/** Whether features come from a source, rather than from examples of a task. */
function isSource<OneFeature extends Feature>(inputs: object): inputs is SourceInputs<OneFeature> {
  return !Array.isArray((inputs as SourceInputs<OneFeature>).train);
}

const fingerprintOfEvaluation = (evaluation: readonly unknown[] | Evaluator): string =>
  'fingerprint' in evaluation ? evaluation.fingerprint() : fingerprintOfExamples(evaluation);
