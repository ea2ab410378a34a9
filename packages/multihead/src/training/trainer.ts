/** @file The Trainer: epochs over batches, evaluation, the best model kept, checkpoints, and events on the way. */
import { exists, joinPath, makeDirectory, remove, writeAtomically } from '#files';
import { epochBatches } from '../data/batching.js';
import type { Engine, StepResult } from '../engine/engine.js';
import { UserError } from '../errors.js';
import type { PretrainedModel } from '../models/pretrained.js';
import { checkFeatures } from '../tasks/limits.js';
import { evaluateExamples } from '../tasks/predict.js';
import type { Evaluation, Feature, Task } from '../tasks/task.js';
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
import { fingerprintOfExamples, fingerprintOfFeatures } from './fingerprint.js';
import { type TrainingOptions, trainingOptions } from './options.js';
import { linearSchedule } from './schedule.js';
import { TrainingStep } from './training-step.js';

/** What a Trainer works with, besides the settings of the run. */
export interface TrainerInputs<Example, OneFeature extends Feature, Decoded, Prediction> {
  readonly model: PretrainedModel;
  readonly task: Task<Example, OneFeature, Decoded, Prediction>;
  /** Saved with the model. */
  readonly tokenizer: Tokenizer;
  readonly train: readonly Example[];
  /** Evaluated after each epoch; the best model by the task's main metric is kept. Without it, the last one is. */
  readonly evaluation?: readonly Example[] | undefined;
  /** The folder of the result. Without one nothing is written, and the model ends as the last step left it. */
  readonly output?: string | undefined;
  /** Go on from the newest checkpoint in the output folder; a run that has ended there stays as it is. */
  readonly resume?: boolean | undefined;
  /** Listens to the run's events. */
  readonly onEvent?: ((event: TrainingEvent) => void) | undefined;
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
  private readonly inputs: TrainerInputs<Example, OneFeature, Decoded, Prediction>;
  private features: readonly OneFeature[] = [];
  private lengths: readonly number[] = [];
  private stepsPerEpoch = 0;
  private totalSteps = 0;
  private isOutputReady = false;

  constructor(given: TrainerInputs<Example, OneFeature, Decoded, Prediction> & Partial<TrainingOptions>) {
    const { model, task, tokenizer, train, evaluation, output, resume, onEvent, ...settings } = given;
    this.inputs = { model, task, tokenizer, train, evaluation, output, resume, onEvent };
    this.options = trainingOptions(settings);
    if (train.length === 0) throw new UserError('there are no training examples');
  }

  /** Runs the training to its end. With an output folder, it then holds the best model (the last, without evaluation). */
  async train(): Promise<{ steps: number; seconds: number; loss: number; best: number | null }> {
    const { model, task, output } = this.inputs;
    await this.encodeExamples();
    const training = await TrainingStep.create(model, () => task.loss(model), this.options);
    const { engine, trainable } = training;
    this.isOutputReady = false;
    let state = await this.startingState(training);
    const hasEnded = state.epoch === this.options.epochs;
    this.emit({
      type: 'start',
      features: this.features.length,
      parameters: model.weights.count,
      trainableParameters: trainable.reduce((sum, { length }) => sum + length, 0),
      epochs: this.options.epochs,
      totalSteps: this.totalSteps,
      resumedAt: state.step,
    });
    while (state.epoch < this.options.epochs) {
      state = await this.runEpoch(training, state);
      state = await this.endEpoch(engine, state);
    }
    if (output && !hasEnded) await this.finish(output, engine, state);
    const { step: steps, seconds, epochLoss: loss, best } = state;
    this.emit({ type: 'end', steps, seconds, loss });
    return { steps, seconds, loss, best };
  }

  /** Evaluates the model as it is. */
  evaluate(examples: readonly Example[] | undefined = this.inputs.evaluation): Promise<Evaluation> {
    if (!examples) throw new UserError('evaluate: there are no evaluation examples; give some');
    return evaluateExamples(this.inputs.model, this.inputs.task, examples, { batchSize: this.options.evalBatchSize });
  }

  /** Turns the examples into features, and counts the steps. */
  private async encodeExamples(): Promise<void> {
    const { model, task, train } = this.inputs;
    this.features = (await task.encode(train)).flat();
    checkFeatures(this.features, model.config);
    this.lengths = this.features.map(({ inputIds }) => inputIds.length);
    const { batchSize, gradientAccumulationSteps, epochs } = this.options;
    this.stepsPerEpoch = Math.ceil(Math.ceil(this.features.length / batchSize) / gradientAccumulationSteps);
    this.totalSteps = this.stepsPerEpoch * epochs;
  }

  /** The place from which the run starts: the beginning, or that of the newest checkpoint. */
  private async startingState({ engine, fingerprint }: TrainingStep): Promise<RunState> {
    const { model, evaluation, output, resume } = this.inputs;
    const settings: Record<string, unknown> = {
      ...this.options,
      features: this.features.length,
      trainingData: fingerprintOfFeatures(this.features),
      evaluationData: evaluation ? fingerprintOfExamples(evaluation) : null,
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
    const { batchSize, seed, lengthBucketing, gradientAccumulationSteps, saveSteps } = this.options;
    const batches = epochBatches(this.lengths, { batchSize, seed, epoch: start.epoch, bucketing: lengthBucketing });
    const { output } = this.inputs;
    let state = start;
    while (state.stepInEpoch < this.stepsPerEpoch) {
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
      const endsEpoch = state.stepInEpoch === this.stepsPerEpoch;
      if (saveSteps > 0 && state.step % saveSteps === 0 && !endsEpoch) await this.checkpoint(training.engine, state);
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
    const { learningRate, warmupRatio, warmupSteps, adamBeta1, adamBeta2, adamEpsilon } = this.options;
    const { weightDecay, maxGradNorm } = this.options;
    const warmup = warmupSteps > 0 ? warmupSteps : Math.ceil(this.totalSteps * warmupRatio);
    const rate = learningRate * linearSchedule(state.step, warmup, this.totalSteps);
    const began = performance.now();
    const microBatches = batches.map((batch) => task.collate(batch.map((i) => this.features[i] as OneFeature)));
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

  /** Evaluates, keeps the model if it is the best, and writes a checkpoint from which the next epoch can start. */
  private async endEpoch(engine: Engine, state: RunState): Promise<RunState> {
    const { evaluation, output } = this.inputs;
    let best = state.best;
    if (evaluation) {
      const result = await this.evaluate(evaluation);
      const value = result.metrics[result.mainMetric] as number;
      const isBest = best === null || value >= best; // of equals the later, which has seen more
      // Not every score is a number: predictions that are all the same have no correlation.
      if (isBest && !Number.isNaN(value)) best = value;
      if (isBest && output) await this.saveResult(output, result);
      this.emit({ type: 'evaluation', epoch: state.epoch + 1, step: state.step, best: isBest, ...result });
    } else if (output) {
      await this.saveResult(output);
    }
    const epochLoss = state.lossSum / this.stepsPerEpoch;
    const next = { ...state, epoch: state.epoch + 1, stepInEpoch: 0, lossSum: 0, epochLoss, best };
    if (next.epoch < this.options.epochs) await this.checkpoint(engine, next);
    return next;
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
