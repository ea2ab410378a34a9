/** @file A training step, for custom training loops. The Trainer is built on it. */
import type { Engine, StepResult, StepSettings, TensorValue, Values } from '../../engine/engine.js';
import type { Optimizer } from '../../engine/optimizers/optimizer.js';
import { makeOptimizer } from '../../engine/optimizers/registry.js';
import { type StateTensor, stateTensors } from '../../engine/optimizers/state-tensors.js';
import type { PretrainedModel } from '../../models/core/pretrained.js';
import type { Parameter } from '../../nn/module.js';
import { dropoutSeedName, traceTraining } from '../../nn/training-mode.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { deriveSeed } from '../../platform/random.js';
import type { CachedLoss } from '../../tasks/cached-loss.js';
import type { Tensor } from '../../tensor/tensor.js';
import { fingerprintOfBytes } from '../checkpoints/fingerprint.js';
import { type OptimizerOptions, optimizerChoice } from '../trainer/optimizer-options.js';
import { defaultTrainingOptions, type TrainingOptions } from '../trainer/options.js';
import { trainableParameters } from './freeze.js';
import { GradientCache } from './gradient-cache.js';
import { LossShares } from './loss-shares.js';
import { trainingGraph } from './training-graph.js';

/** Options of `TrainingStep.create`. */
export interface TrainingStepOptions extends Partial<Pick<TrainingOptions, 'freeze' | 'seed'> & OptimizerOptions> {
  /** Group index of a parameter, by name. Default: all are in group 0. */
  readonly groupOf?: ((name: string) => number) | undefined;
}

const optionNames = namesOf<TrainingStepOptions>({
  freeze: true,
  seed: true,
  groupOf: true,
  optim: true,
  optimArgs: true,
  adamBeta1: true,
  adamBeta2: true,
  adamEpsilon: true,
});

const stepSettingNames = namesOf<StepSettings>({
  learningRate: true,
  weightDecay: true,
  maxGradNorm: true,
  groups: true,
});

/**
 * A model compiled together with a loss: each call of `step` is one forward and backward pass and one update by the
 * optimizer (AdamW by default).
 *
 * @example
 * const training = await TrainingStep.create(model, () => task.loss(model));
 * for (const [step, batch] of batches.entries()) {
 *   const { loss } = await training.step([task.collate(batch)], { learningRate: 2e-5 }, step);
 * }
 */
export class TrainingStep {
  private constructor(
    /** @internal */
    readonly engine: Engine,
    /** The trainable parameters. */
    readonly trainable: readonly Parameter[],
    /** Fingerprint of the training graph, which depends on model, loss, dropout rates and frozen parameters. */
    readonly fingerprint: string,
    /**
     * Names and shapes of the optimizer's state, as checkpoints hold it.
     *
     * @internal
     */
    readonly optimizerState: readonly Pick<StateTensor, 'name' | 'shape'>[],
    /** Learning rate chosen by the optimizer, if it does so. */
    readonly ownRate: Optimizer['ownRate'],
    private readonly seed: number,
    private readonly shares: LossShares,
    private readonly cache: GradientCache | undefined,
  ) {}

  /**
   * Builds and loads the graph of the loss and its gradients.
   *
   * @param loss builds the graph of the loss, a scalar, with dropout active; or a loss whose batches go through the model in parts
   * @param options   optimizer, frozen layers, seed of the dropout masks, and parameter groups for different learning
   *   rates ({@link StepSettings.groups})
   */
  static async create(
    model: PretrainedModel,
    loss: (() => Tensor) | CachedLoss,
    options: TrainingStepOptions = {},
  ): Promise<TrainingStep> {
    checkOptionNames(options, optionNames, 'TrainingStep.create');
    const { freeze = 'none', seed = 42, groupOf } = options;
    const choice = optimizerChoice({ ...defaultTrainingOptions, ...options });
    const optimizer = makeOptimizer(choice);
    const trainable = trainableParameters(model, freeze);
    model.weights.checkFloat32();
    const engine = await model.weights.engine();
    const { target } = model.weights.device;
    const cache = typeof loss === 'function' ? undefined : new GradientCache(loss, model, target);
    await cache?.load(engine);
    const traced = typeof loss === 'function' ? traceTraining(loss) : (cache as GradientCache).part;
    const graph = trainingGraph(traced, trainable, { groupOf, target });
    await engine.prepareTraining(graph, choice);
    const state = stateTensors(optimizer, trainable);
    const shares = new LossShares(engine, traced.means, target);
    // A run may be resumed on another device: the fingerprint is that of the processor's graph on each.
    const { model: marked } = target === 'cpu' ? graph : trainingGraph(traced, trainable, { groupOf });
    const ofLoss =
      typeof loss === 'function' ? '' : fingerprintOfBytes(new GradientCache(loss, model, 'cpu').lossGraph.bytes);
    const fingerprint = `${fingerprintOfBytes(marked.bytes)}${ofLoss}`;
    return new TrainingStep(engine, trainable, fingerprint, state, optimizer.ownRate, seed, shares, cache);
  }

  /**
   * Several micro-batches make the step of the one batch that they are parts of: what a mean of the loss is taken over
   * (tokens, hidden places, examples, weights of classes) counts alike, in whichever it stands. In a loss of your own, that
   * holds for the losses of this package and for what is built by `countedMean`; other parts count alike in each micro-batch.
   *
   * @param microBatches inputs and labels by name
   * @param settings     of this step, with the Trainer's defaults where left out
   * @param step         decides the dropout masks, together with the seed
   * @returns the loss over all micro-batches, and the gradient's norm before clipping
   */
  async step(microBatches: readonly Values[], settings: Partial<StepSettings>, step: number): Promise<StepResult> {
    checkOptionNames(settings, stepSettingNames, 'step');
    const given = { ...defaultSettings, ...settings };
    const seedOf = (i: number): TensorValue => {
      const dropoutSeed = BigInt.asIntN(64, deriveSeed(this.seed, 'dropout', step, i));
      return { dtype: 'int64', shape: [], data: BigInt64Array.of(dropoutSeed) };
    };
    if (this.cache) {
      const { parts, loss } = await this.cache.parts(this.engine, microBatches, seedOf);
      return { ...(await this.engine.step(parts, given)), loss };
    }
    const shares = await this.shares.of(microBatches);
    const seeded = microBatches.map((batch, i): Values => ({ ...batch, ...shares[i], [dropoutSeedName]: seedOf(i) }));
    return this.engine.step(seeded, given);
  }
}

const defaultSettings: StepSettings = {
  learningRate: defaultTrainingOptions.learningRate,
  weightDecay: defaultTrainingOptions.weightDecay,
  maxGradNorm: defaultTrainingOptions.maxGradNorm,
};
