/** @file The base class of models: configuration, weights, forward pass, and prediction. */
import type { DeviceName } from '../../engine/devices/registry.js';
import type { TensorValue, Values } from '../../engine/engine.js';
import { Module, type Parameter } from '../../nn/module.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { BatchScheduler } from './batch-work.js';
import type { ModelConfig } from './model-config.js';
import { checkNumbers, type NumberLimits } from './number-limits.js';
import { graphInputs, type ModelBatch, type PredictedStates, predictionsOf } from './predictions.js';
import { Weights } from './weights.js';

/** Inputs of a model, all int64 [batch_size, sequence_length]. */
export interface ModelInputs {
  /** Token ids. */
  readonly inputIds: Tensor;
  /** 1 for tokens, 0 for padding. */
  readonly attentionMask: Tensor;
  /** 0 for the first text of a pair, 1 for the second. */
  readonly tokenTypeIds: Tensor;
}

/**
 * Outputs of a model, as lazy tensors. `hiddenStates` and `attentions` cost nothing unless requested. While a loss is traced, encoders with a
 * head may have zeros for the hidden states of padding, which they do not compute.
 */
export interface ModelOutputs {
  /** The head's scores or, without a head, the last hidden state, by their names in ONNX files. */
  readonly scores: Readonly<Record<string, Tensor>>;
  /** The embeddings' output and each layer's: [batch_size, sequence_length, hiddenSize]. */
  readonly hiddenStates: readonly Tensor[];
  /** Each layer's attention weights: [batch_size, heads, sequence_length, sequence_length]. */
  readonly attentions: readonly Tensor[];
}

/** Options of `Model.predict`. */
export interface PredictOptions {
  /** Whether to return `attentions`: each layer's attention weights. */
  readonly outputAttentions?: boolean;
  /** Whether to return `hiddenStates`: the embeddings' output and each layer's. */
  readonly outputHiddenStates?: boolean;
}

/** Options of `Model.exportedOutputs`. */
export interface ExportedOutputsOptions {
  /** Whether each layer's attention weights are outputs too, as `attentions.0`, ... Default: false. */
  readonly attentions?: boolean;
}

const predictOptionNames = namesOf<PredictOptions>({ outputAttentions: true, outputHiddenStates: true });

/**
 * Creates the inputs of a model's graph, with the names of transformers.js's ONNX files. A model uses those that its
 * family declares; the others cost nothing.
 *
 * @param suffix follows the names, where a graph reads several texts: each has a length of its own
 * @example
 * const { scores, attentions } = model.forward(modelInputs());
 */
export function modelInputs(suffix = ''): ModelInputs {
  const tokens = (name: string) => input(`${name}${suffix}`, 'int64', ['batch_size', `sequence_length${suffix}`]);
  return {
    inputIds: tokens('input_ids'),
    attentionMask: tokens('attention_mask'),
    tokenTypeIds: tokens('token_type_ids'),
  };
}

/** Of new weights. */
export const defaultSeed = 42;

/** A model: configuration, modules and weights. `Scores` is the type of its predictions. */
export abstract class Model<Scores extends object = object> extends Module {
  abstract readonly config: ModelConfig;
  private held: Weights | undefined;
  /**
   * Puts what pipelines compute at the same time into common batches. Default: each call makes its own batches.
   *
   * @internal
   */
  batchScheduler: BatchScheduler | undefined;

  /** Builds the graph of the forward pass. */
  abstract forward(inputs: ModelInputs): ModelOutputs;

  /**
   * The graph of an ONNX file of this model, by the names that transformers.js has for inputs and outputs. Default: the
   * forward pass.
   */
  exportedOutputs(options: ExportedOutputsOptions = {}): Record<string, Tensor> {
    checkOptionNames(options, ['attentions'], 'exportedOutputs');
    return this.outputs({ outputAttentions: options.attentions ?? false });
  }

  /** The model's parameters and their values, which are random until others are loaded. */
  get weights(): Weights {
    return this.held ?? this.initializeWeights();
  }

  /**
   * Initializes all parameters.
   *
   * @param seed the same seed gives the same weights
   */
  initializeWeights(seed = defaultSeed): Weights {
    const weights = this.layOutWeights();
    for (const name of weights.parameters.keys()) weights.initialize(name, seed);
    return weights;
  }

  /**
   * Allocates the weights, for a loader that fills all of them.
   *
   * @internal
   */
  layOutWeights(): Weights {
    this.held ??= new Weights(this);
    return this.held;
  }

  /**
   * Changes the model's modules, as `replaceModules` does. Remaining parameters keep their values, at new positions;
   * new parameters are zero. Pending computations are rejected, and training of the model ends.
   *
   * @example
   * await model.changeModules(() => model.replaceModules((module) => module instanceof Dropout, () => new Dropout(0)));
   */
  async changeModules(change: () => void): Promise<void> {
    const before = this.held;
    if (!before) return change();
    const { data, places } = await before.read();
    change();
    const after = new Weights(this);
    if (after.device !== before.device) await after.to(before.device.name as DeviceName);
    const nameOf = new Map([...after.parameters].map(([name, parameter]) => [parameter, name]));
    for (const [i, { offset, length }] of places.entries()) {
      const name = nameOf.get(before.laidOut[i] as Parameter);
      if (name !== undefined) after.view(name).set(data.subarray(offset, offset + length));
    }
    this.held = after;
    await before.dispose();
  }

  /**
   * Computes the model's predictions for a batch.
   *
   * @param batch the result of `tokenizer(texts)`
   * @throws UserError for a token or token type that the model lacks
   * @returns the scores by name (`logits`; `startLogits` and `endLogits`; `lastHiddenState`), and what was requested by
   *   the options
   * @example
   * const { logits } = await model.predict(await tokenizer(['good', 'not so good']));
   * logits.shape; // [2, 5, 30522]
   */
  async predict(batch: ModelBatch, options: PredictOptions = {}): Promise<Scores & PredictedStates> {
    checkOptionNames(options, predictOptionNames, 'predict');
    return predictionsOf(await this.predictValues(graphInputs(batch), options)) as unknown as Scores & PredictedStates;
  }

  /**
   * Runs the model on inputs under the names that its graph has (`input_ids`), as tasks collate them, and gives what the
   * graph gives (`start_logits`).
   *
   * @internal
   */
  async predictValues(inputs: Values, options: PredictOptions = {}): Promise<Record<string, TensorValue>> {
    const { input_ids: ids, token_type_ids: types } = inputs;
    if (ids) checkNumbers(ids.data, types?.data, this.config as NumberLimits);
    return this.weights.run(graphKey(options), () => this.outputs(options), inputs);
  }

  /**
   * Starts the engine and loads the graph of predictions, which the first of them would do otherwise.
   *
   * @internal
   */
  async prepare(): Promise<void> {
    await this.weights.prepare(graphKey(), () => this.outputs({}));
  }

  /**
   * Moves the model to a device, like PyTorch's `model.to`.
   *
   * @throws UserError for an unknown device, and for one that this machine cannot run
   * @example
   * await model.to('webgpu');
   */
  to(device: DeviceName): Promise<void> {
    return this.weights.to(device);
  }

  /** Ends the model's engine and frees its memory. The model cannot be used afterwards. */
  dispose(): Promise<void> {
    return this.weights.dispose();
  }

  /** The graph's outputs, named. */
  private outputs({ outputAttentions, outputHiddenStates }: PredictOptions): Record<string, Tensor> {
    const { scores, attentions, hiddenStates } = this.forward(modelInputs());
    const outputs: Record<string, Tensor> = { ...scores };
    if (outputAttentions) for (const [i, weights] of attentions.entries()) outputs[`attentions.${i}`] = weights;
    if (outputHiddenStates) for (const [i, hidden] of hiddenStates.entries()) outputs[`hidden_states.${i}`] = hidden;
    return outputs;
  }
}

/** The name of the graph with these outputs. */
const graphKey = ({ outputAttentions, outputHiddenStates }: PredictOptions = {}): string =>
  `predict${outputAttentions ? '+attentions' : ''}${outputHiddenStates ? '+hidden' : ''}`;
