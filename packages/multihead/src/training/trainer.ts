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
import { afterEvaluation, comparedMetric, hasWaitedEnough } from './best-model.js';
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
import { checkWithoutEvaluation, evaluationStrategy, type TrainingOptions, trainingOptions } from './options.js';
import { groupOf, groupSteps, hasGroups } from './parameter-groups.js';
import { afterPlateauEvaluation, noPlateau, type Plateau } from './plateau.js';
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
  /** Listens to the run's events, and may steer it. */
  readonly onEvent?: ((event: TrainingEvent, run: RunControl) => void) | undefined;
}

/** What a listener may ask of a run; it is done when the step under way is. */
export interface RunControl {
  /** Ends the run as if this were its last step: the result is evaluated and kept. */
  stop(): void;
  /** Evaluates the model. */
  evaluate(): void;
  /** Writes a checkpoint, where there is an output folder. */
  save(): void;
  /** Writes a checkpoint and ends `train` with a {@link TrainingInterrupted}; the run can be resumed. */
  interrupt(): void;
}

/** A run was interrupted between two steps, and can be resumed from its checkpoint. */
export class TrainingInterrupted extends UserError {}

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
  private lastEvaluation: Evaluation | undefined;
  private evaluatedStep = -1;
  private readonly asked = new Set<keyof RunControl>();
  /** What may be asked of the run while it goes on, from a listener or from elsewhere. */
  readonly control: RunControl = {
    stop: () => this.asked.add('stop'),
    evaluate: () => this.asked.add('evaluate'),
    save: () => this.asked.add('save'),
    interrupt: () => this.asked.add('interrupt'),
  };

  constructor(
    given: (TrainerInputs<Example, OneFeature, Decoded, Prediction> | SourceInputs<OneFeature>) &
      Partial<TrainingOptions>,
  ) {
    const { model, task, tokenizer, train, evaluation, output, resume, onEvent, ...settings } = given;
    this.inputs = { model, task, tokenizer, train, evaluation, output, resume, onEvent } as typeof this.inputs;
    this.options = trainingOptions(settings);
    if (train.length === 0) throw new UserError('there are no training examples');
    if (!evaluation) checkWithoutEvaluation(this.options);
  }

  /** Runs the training to its end. With an output folder, it then holds the best model (the last, without evaluation). */
  async train(): Promise<{ steps: number; seconds: number; loss: number; best: number | null }> {
    const { model, task, output } = this.inputs;
    await this.prepareSource();
    const training = await TrainingStep.create(model, () => task.loss(model), {
      ...this.options,
      ...(hasGroups(this.options) && { groupOf: (name) => groupOf(name, model.config.numHiddenLayers) }),
    });
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

  private isOver({ step, isStopped }: RunState): boolean {
    return isStopped || step >= this.totalSteps;
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
    const fresh = {
      ...{ step: 0, epoch: 0, stepInEpoch: 0, lossSum: 0, epochLoss: 0, seconds: 0, settings },
      ...{ best: null, evaluationsWithoutGain: 0, isStopped: false, plateau: noPlateau },
    };
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
    const evaluatesBySteps = evaluationStrategy(this.options) === 'steps';
    this.lengths = Array.from({ length: this.source.length }, (_, i) => this.source.lengthOf(i, start.epoch));
    const batches = epochBatches(this.lengths, { batchSize, seed, epoch: start.epoch, bucketing: lengthBucketing });
    const { output } = this.inputs;
    let state = start;
    while (state.stepInEpoch < this.stepsPerEpoch && !this.isOver(state)) {
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
      if (this.isAskedFor('stop')) state = { ...state, isStopped: true };
      if (this.isAskedFor('evaluate') || (evaluatesBySteps && isAt(evalSteps)))
        state = await this.evaluateAndKeep(state);
      const savesHere = state.stepInEpoch === this.stepsPerEpoch && this.options.saveStrategy === 'epoch';
      const isToSave = this.isAskedFor('save') || isAt(saveSteps);
      if (this.isAskedFor('interrupt') && !this.isOver(state)) await this.interruptAt(training.engine, state);
      if (isToSave && !savesHere && !this.isOver(state)) await this.checkpoint(training.engine, state);
    }
    return state;
  }

  /** Whether a listener asked for something since it was last looked at. */
  private isAskedFor(what: keyof RunControl): boolean {
    return this.asked.delete(what);
  }

  private async interruptAt(engine: Engine, state: RunState): Promise<never> {
    await this.checkpoint(engine, state);
    throw new TrainingInterrupted(
      `interrupted after step ${state.step} of ${this.totalSteps}; ` +
        (this.inputs.output ? `saved in ${this.inputs.output}` : 'without an output folder nothing was saved'),
    );
  }

  /** One optimizer step over some batches. */
  private async step(
    training: TrainingStep,
    batches: readonly (readonly number[])[],
    state: RunState,
  ): Promise<StepResult> {
    const { task } = this.inputs;
    const { adamBeta1, adamBeta2, adamEpsilon, weightDecay, maxGradNorm, seed } = this.options;
    const rate = this.learningRate(state);
    const began = performance.now();
    const microBatches: Values[] = [];
    for (const [i, batch] of batches.entries()) {
      const features = await this.source.read(batch, state.epoch);
      microBatches.push(task.collate(features, new Random(deriveSeed(seed, 'collate', state.step, i))));
    }
    const layers = this.inputs.model.config.numHiddenLayers;
    const groups = hasGroups(this.options) ? groupSteps(this.options, layers, state.step) : undefined;
    const adamW = { beta1: adamBeta1, beta2: adamBeta2, epsilon: adamEpsilon, weightDecay, maxGradNorm, groups };
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

  private learningRate({ step, plateau }: RunState): number {
    const { learningRate, warmupRatio, warmupSteps, lrSchedulerType, lrSchedulerKwargs } = this.options;
    const { totalSteps } = this;
    const warmup = warmupSteps > 0 ? warmupSteps : Math.ceil(totalSteps * warmupRatio);
    const point = { step, warmupSteps: warmup, totalSteps, learningRate };
    return learningRate * plateau.rateFactor * scheduleFactor(lrSchedulerType, point, lrSchedulerKwargs);
  }

  /** Evaluates, keeps the model if it is the best, and writes a checkpoint from which the next epoch can start. */
  private async endEpoch(engine: Engine, state: RunState): Promise<RunState> {
    const { evaluation, output } = this.inputs;
    const strategy = evaluationStrategy(this.options);
    const isDue = strategy === 'epoch' || (strategy === 'steps' && this.isOver(state));
    const evaluated =
      evaluation && isDue && this.evaluatedStep !== state.step ? await this.evaluateAndKeep(state) : state;
    if (!this.keepsBest && output) await this.saveResult(output, this.lastEvaluation);
    const epochLoss = state.lossSum / state.stepInEpoch;
    const next = { ...evaluated, epoch: state.epoch + 1, stepInEpoch: 0, lossSum: 0, epochLoss };
    if (!this.isOver(next) && this.options.saveStrategy === 'epoch') await this.checkpoint(engine, next);
    return next;
  }

  /** Whether the output folder holds the best model of those evaluated, rather than the last one. */
  private get keepsBest(): boolean {
    const { loadBestModelAtEnd } = this.options;
    return this.inputs.evaluation !== undefined && loadBestModelAtEnd && evaluationStrategy(this.options) !== 'no';
  }

  /** Evaluates, keeps the model if it is the best so far, and ends the run if none was for long. */
  private async evaluateAndKeep(state: RunState): Promise<RunState> {
    const { output, evaluation } = this.inputs;
    if (!evaluation) return state;
    const result = await this.evaluate();
    this.lastEvaluation = result;
    this.evaluatedStep = state.step;
    const { isBest, ...best } = afterEvaluation(state, result, this.options);
    if (isBest && output && this.keepsBest) await this.saveResult(output, result);
    const epoch = state.epoch + state.stepInEpoch / this.stepsPerEpoch;
    this.emit({ type: 'evaluation', epoch, step: state.step, best: isBest, ...result });
    const isStopped = state.isStopped || hasWaitedEnough(best, this.options);
    return { ...state, ...best, isStopped, plateau: this.plateauAfter(state.plateau, result) };
  }

  private plateauAfter(plateau: Plateau, evaluation: Evaluation): Plateau {
    const { lrSchedulerType, lrSchedulerKwargs, learningRate } = this.options;
    if (lrSchedulerType !== 'reduce_lr_on_plateau') return plateau;
    return afterPlateauEvaluation(plateau, comparedMetric(evaluation, this.options), lrSchedulerKwargs, learningRate);
  }

  private async checkpoint(engine: Engine, state: RunState): Promise<void> {
    const { model, output } = this.inputs;
    if (!output) return;
    const path = await writeCheckpoint(output, model, engine, state, this.options.saveTotalLimit);
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
    const { model } = this.inputs;
    if (this.keepsBest) await restoreWeights(joinPath(output, 'model.safetensors'), engine, model.weights.places);
    await writeRunState(output, state);
    await cleanUp(output, { checkpoints: true });
  }

  private emit(event: TrainingEvent): void {
    this.inputs.onEvent?.(event, this.control);
  }
}

/** Whether features come from a source, rather than from examples of a task. */
function isSource<OneFeature extends Feature>(inputs: object): inputs is SourceInputs<OneFeature> {
  return !Array.isArray((inputs as SourceInputs<OneFeature>).train);
}

const fingerprintOfEvaluation = (evaluation: readonly unknown[] | Evaluator): string =>
  'fingerprint' in evaluation ? evaluation.fingerprint() : fingerprintOfExamples(evaluation);
