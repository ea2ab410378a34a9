/** @file The Trainer: epochs over batches, evaluation, best model, checkpoints, and events. */
import type { Engine, StepResult } from '../../engine/engine.js';
import { groupOf } from '../../models/core/parameter-groups.js';
import { UserError } from '../../platform/errors.js';
import type { Feature } from '../../tasks/feature.js';
import { evaluateExamples } from '../../tasks/predict.js';
import type { Evaluation } from '../../tasks/task.js';
import { holdsEndedRun, type RunState } from '../checkpoints/checkpoint.js';
import { freshState, resumedState } from '../checkpoints/resume.js';
import { type Batch, batchesFrom, take } from '../feeding/batches.js';
import { type FeatureSource, listSource } from '../feeding/feature-source.js';
import type { FeatureStream } from '../feeding/feature-stream.js';
import type { PreparedMethod } from '../methods/method.js';
import type { MethodShorthands } from '../methods/method-options.js';
import { prepareMethod } from '../methods/registry.js';
import { learningRateAt } from '../schedules/learning-rate.js';
import { setLossHead } from '../step/loss-head.js';
import { groupSteps, hasGroups } from '../step/parameter-groups.js';
import { TrainingStep } from '../step/training-step.js';
import { isDueAfterEpoch, isDueAfterStep, keepsBest, stateAfterEvaluation } from './evaluation-policy.js';
import type { TrainingEvent } from './events.js';
import { checkFitting, fit } from './fitting.js';
import { checkMetrics } from './metric-names.js';
import { optimizerOptions } from './optimizer-options.js';
import { checkWithoutEvaluation, type TrainingOptions, trainingOptions } from './options.js';
import { Requests, type RunControl, TrainingInterrupted } from './run-control.js';
import { refuseResults } from './run-files.js';
import { type Extension, runLength } from './run-length.js';
import { RunOutput } from './run-output.js';
import {
  fingerprintOfEvaluation,
  inputsAndSettings,
  isSource,
  type RunInputs,
  type TrainerInputs,
} from './trainer-inputs.js';
import { collatedBatches, trainingFeatures } from './training-features.js';

/**
 * Trains a model for a task.
 *
 * @example
 * const trainer = new Trainer({ model, task, train, evaluation, output: 'runs/sst2', epochs: 3, batchSize: 32 });
 * await trainer.train();
 * console.log((await trainer.evaluate()).report);
 */
export class Trainer<Example = unknown> {
  readonly options: TrainingOptions;
  /** Control of the run in progress, from a listener or from elsewhere. */
  readonly control: RunControl;
  private readonly inputs: RunInputs<Example>;
  private readonly requests = new Requests();
  private output: RunOutput | undefined;
  private source: FeatureSource | FeatureStream<Feature> = listSource([]);
  private stepsPerEpoch = 0;
  private totalSteps = 0;
  private lastEvaluation: { readonly step: number; readonly evaluation: Evaluation } | undefined;

  constructor(given: RunInputs<Example> & Partial<TrainingOptions> & MethodShorthands) {
    const { inputs, settings } = inputsAndSettings(given);
    const { train, evaluation } = inputs;
    this.inputs = inputs;
    this.options = trainingOptions(settings);
    this.control = this.requests.control;
    if (train.length === 0) throw new UserError('there are no training examples');
    if (!evaluation) checkWithoutEvaluation(this.options);
    checkFitting(inputs, this.options);
    inputs.task.checkModel?.(inputs.model);
  }

  /** Trains the model. Afterwards the output folder contains the best model (the last one without evaluation). */
  async train(): Promise<{ steps: number; seconds: number; loss: number; best: number | null }> {
    const { model, device, task, tokenizer = task.tokenizer, output, resume, overwrite } = this.inputs;
    if (output !== undefined && !resume && !overwrite) {
      await refuseResults(
        output,
        'Give another output folder, `resume: true` to continue, or `overwrite: true` to replace it.',
      );
    }
    const method = await prepareMethod(model, this.options);
    await setLossHead(model, task, this.options.seed);
    if (output !== undefined) await method.checkOutput?.(output);
    this.output =
      output === undefined
        ? undefined
        : new RunOutput(output, { model, method, tokenizer, taskFiles: task.files?.() ?? {} });
    this.lastEvaluation = undefined;
    await this.prepareSource();
    if (device !== undefined) await model.to(device);
    const training = await TrainingStep.create(model, task.cached ?? (() => task.loss(model)), {
      seed: this.options.seed,
      ...optimizerOptions(this.options),
      ...(hasGroups(this.options) && { groupOf: (name) => groupOf(model, name) }),
    });
    const { engine, trainable } = training;
    const { state: start, extension } = await this.startingState(training, method);
    let state = start;
    const hasEnded = resume === true && this.isOver(state) && output !== undefined && (await holdsEndedRun(output));
    if (state.step === 0) await checkMetrics(this.inputs, this.options);
    this.emit({
      type: 'start',
      features: this.source.length,
      parameters: model.weights.count,
      trainableParameters: trainable.reduce((sum, { length }) => sum + length, 0),
      epochs: Math.ceil(this.totalSteps / this.stepsPerEpoch),
      totalSteps: this.totalSteps,
      resumedAt: state.step,
      ...extension,
    });
    if (state.step === 0 && (await fit(this.inputs, 'start'))) state = await this.keepFitted(state);
    while (!this.isOver(state)) {
      state = await this.runEpoch(training, state);
      state = await this.endEpoch(engine, state);
    }
    if (this.totalSteps === 0 && !hasEnded) {
      await this.output?.prepare(state);
      state = await this.endEpoch(engine, state);
    }
    if (hasEnded) await this.output?.cleanUp();
    else await this.finish(engine, state);
    const { step: steps, seconds, epochLoss: loss, best } = state;
    this.emit({ type: 'end', steps, seconds, loss });
    return { steps, seconds, loss, best };
  }

  /** Evaluates the model in its current state, on the Trainer's evaluation examples or on others. */
  evaluate(examples?: readonly Example[]): Promise<Evaluation> {
    const { inputs } = this;
    const on = examples ?? inputs.evaluation;
    if (!on) throw new UserError('evaluate: there are no evaluation examples; give some');
    if ('evaluate' in on) return on.evaluate();
    const { model, task, onEvaluating } = inputs as TrainerInputs<Example>;
    const onProgress = (share: number) => onEvaluating?.(Math.floor(share * on.length), on.length);
    return evaluateExamples(model, task, on, { batchSize: this.options.evalBatchSize, onProgress });
  }

  private isOver({ step, isStopped }: RunState): boolean {
    return isStopped || step >= this.totalSteps;
  }

  /** Turns examples into features, and counts the steps. */
  private async prepareSource(): Promise<void> {
    const { inputs } = this;
    if (!isSource(inputs) && inputs.evaluation) inputs.task.check?.(inputs.evaluation);
    this.source = await trainingFeatures(inputs, this.options.shuffleBufferSize);
    const { stepsPerEpoch, totalSteps } = runLength({ ...this.options, features: this.source.length });
    this.stepsPerEpoch = stepsPerEpoch;
    this.totalSteps = totalSteps;
  }

  /** Returns the state from which the run starts: its beginning, or the newest checkpoint. */
  private async startingState(
    training: TrainingStep,
    method: PreparedMethod,
  ): Promise<{ state: RunState; extension?: Extension }> {
    const { model, evaluation, output, resume } = this.inputs;
    const settings: RunState['settings'] = {
      ...this.options,
      features: this.source.length,
      trainingData: this.source.fingerprint(),
      evaluationData: evaluation ? fingerprintOfEvaluation(evaluation) : null,
      trainingGraph: training.fingerprint,
    };
    if (!resume) return { state: freshState(settings) };
    if (!output) throw new UserError('resume: name the output folder of the run to resume');
    return resumedState(output, { model, method }, training, settings);
  }

  /** Evaluates a model that was fitted before the first step: where training makes nothing better of it, it is kept. */
  private async keepFitted(state: RunState): Promise<RunState> {
    if (!this.keepsBest) return state;
    await this.output?.prepare(state);
    return this.evaluateAndKeep(state);
  }

  /** Performs the remaining steps of an epoch. */
  private async runEpoch(training: TrainingStep, start: RunState): Promise<RunState> {
    const { batchSize, seed, lengthBucketing, gradientAccumulationSteps, saveSteps } = this.options;
    const order = { batchSize, seed, epoch: start.epoch, bucketing: lengthBucketing };
    const batches = batchesFrom(this.source, order, start.stepInEpoch * gradientAccumulationSteps);
    let state = start;
    try {
      while (state.stepInEpoch < this.stepsPerEpoch && !this.isOver(state)) {
        const began = performance.now();
        const { loss } = await this.step(training, await take(batches, gradientAccumulationSteps), state);
        state = {
          ...state,
          step: state.step + 1,
          stepInEpoch: state.stepInEpoch + 1,
          lossSum: state.lossSum + loss,
          seconds: state.seconds + (performance.now() - began) / 1000,
        };
        await this.output?.prepare(start);
        state = await this.afterStep(training.engine, state, saveSteps);
      }
    } finally {
      await batches.return(undefined); // closes the files of a stream
    }
    return state;
  }

  /** Handles what is due or requested after a step: evaluation, checkpoint, end. */
  private async afterStep(engine: Engine, made: RunState, saveSteps: number): Promise<RunState> {
    let state = this.requests.take('stop') ? { ...made, isStopped: true } : made;
    const isLast = state.step === this.totalSteps;
    if (this.requests.take('evaluate') || (!isLast && isDueAfterStep(this.options, state.step))) {
      state = await this.evaluateAndKeep(state);
    }
    const savesAfterEpoch = state.stepInEpoch === this.stepsPerEpoch && this.options.saveStrategy === 'epoch';
    const isToSave = this.requests.take('save') || (saveSteps > 0 && state.step % saveSteps === 0);
    const isInterrupted = this.requests.take('interrupt');
    if (this.isOver(state)) return state;
    if (isInterrupted) await this.interruptAt(engine, state);
    if (isToSave && !savesAfterEpoch) await this.checkpoint(engine, state);
    return state;
  }

  private async interruptAt(engine: Engine, state: RunState): Promise<never> {
    await this.checkpoint(engine, state);
    throw new TrainingInterrupted(
      `interrupted after step ${state.step} of ${this.totalSteps}; ` +
        (this.inputs.output ? `saved in ${this.inputs.output}` : 'without an output folder nothing was saved'),
    );
  }

  /** One optimizer step over some batches. */
  private async step(training: TrainingStep, batches: readonly Batch<Feature>[], state: RunState): Promise<StepResult> {
    const { weightDecay, maxGradNorm, seed } = this.options;
    const rate = training.ownRate?.(state.step + 1) ?? learningRateAt(this.options, state, this.totalSteps);
    const began = performance.now();
    const microBatches = collatedBatches(this.inputs, batches, { seed, step: state.step });
    const layers = this.inputs.model.config.numHiddenLayers;
    const groups = hasGroups(this.options) ? groupSteps(this.options, layers, state.step) : undefined;
    const settings = { learningRate: rate, weightDecay, maxGradNorm, groups };
    const result = await training.step(microBatches, settings, state.step);
    if (!Number.isFinite(result.loss)) {
      throw new UserError(
        `the loss became ${result.loss} at step ${state.step + 1}. A smaller learningRate or a longer warm-up helps.`,
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
      tokens: batches.flatMap(({ features }) => features).reduce((sum, { length }) => sum + length, 0),
      milliseconds: performance.now() - began,
      batches: batches.map(({ indices }) => indices),
    });
    return result;
  }

  /** Evaluates, keeps the model if it is the best, and writes a checkpoint from which the next epoch can start. */
  private async endEpoch(engine: Engine, state: RunState): Promise<RunState> {
    const isDue = isDueAfterEpoch(this.options, this.isOver(state)) && this.lastEvaluation?.step !== state.step;
    const evaluated = isDue ? await this.evaluateAndKeep(state) : state;
    const { lastEvaluation } = this;
    if (!this.keepsBest) {
      if (lastEvaluation?.step !== state.step) await fit(this.inputs, 'evaluation');
      await this.output?.saveResult(lastEvaluation?.step === state.step ? lastEvaluation.evaluation : undefined);
    }
    const epochLoss = state.lossSum / Math.max(1, state.stepInEpoch);
    const next = { ...evaluated, epoch: state.epoch + 1, stepInEpoch: 0, lossSum: 0, epochLoss };
    if (!this.isOver(next) && this.options.saveStrategy === 'epoch') await this.checkpoint(engine, next);
    return next;
  }

  /** Whether the output folder holds the best model of those evaluated, rather than the last one. */
  private get keepsBest(): boolean {
    return this.inputs.evaluation !== undefined && keepsBest(this.options);
  }

  /** Evaluates, saves the model if it is the best so far, and applies early stopping. */
  private async evaluateAndKeep(state: RunState): Promise<RunState> {
    if (!this.inputs.evaluation) return state;
    await fit(this.inputs, 'evaluation');
    const evaluation = await this.evaluate();
    this.lastEvaluation = { step: state.step, evaluation };
    const { isBest, ...next } = stateAfterEvaluation(state, evaluation, this.options);
    if (isBest && this.keepsBest) await this.output?.saveResult(evaluation);
    const epoch = state.epoch + state.stepInEpoch / this.stepsPerEpoch;
    this.emit({ type: 'evaluation', epoch, step: state.step, best: isBest, ...evaluation });
    return next;
  }

  private async checkpoint(engine: Engine, state: RunState): Promise<void> {
    if (!this.output) return;
    const path = await this.output.checkpoint(engine, state, this.options.saveTotalLimit ?? 1);
    this.emit({ type: 'checkpoint', step: state.step, path });
  }

  /** Saves the result, and keeps the last checkpoint if checkpoints are to be kept. */
  private async finish(engine: Engine, state: RunState): Promise<void> {
    const { saveTotalLimit, saveStrategy } = this.options;
    const { keepsBest } = this;
    const keepsCheckpoints = saveTotalLimit !== undefined && saveStrategy !== 'no';
    if (keepsCheckpoints) await this.checkpoint(engine, state);
    await this.output?.finish(state, { keepsBest, keepsCheckpoints });
  }

  private emit(event: TrainingEvent): void {
    this.inputs.onEvent?.(event, this.control);
  }
}
