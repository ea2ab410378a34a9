/** @file Encoders of texts without a head: BERT and its like. */
import { paddingMask } from '../../nn/attention/mask.js';
import type { Pooler } from '../../nn/layers/pooler.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { ModelInputs, ModelOutputs } from '../core/model.js';
import type { BaseModelOutput } from '../core/predictions.js';
import { PretrainedModel } from '../core/pretrained.js';
import type { EncoderConfig } from './encoder-config.js';
import type { EncoderStack, EncoderStates } from './encoder-stack.js';

/** Which parts an encoder is made with. */
export interface EncoderParts {
  /** Whether it has a pooler, where its family knows one. Default: true. */
  readonly pooler?: boolean;
}

/**
 * An encoder without a head: hidden states of each token and, with a pooler, one vector for a text. A family's base model
 * says how tokens are embedded and which layers follow.
 *
 * @example
 * const model: EncoderModel = await AutoModel.fromPretrained('models/minilm');
 * const { lastHiddenState } = await model.predict(batch);
 */
export abstract class EncoderModel extends PretrainedModel<BaseModelOutput> {
  abstract override readonly config: EncoderConfig;
  /** Makes one vector of the first token's; undefined in families without, and where a head does not need it. */
  abstract readonly pooler: Pooler | undefined;
  /** The layers. */
  protected abstract get stack(): EncoderStack;

  /** What the first layer reads: [batch, sequence] -> [batch, sequence, hiddenSize]. */
  protected abstract embed(inputs: ModelInputs): Tensor;

  /** scores: `last_hidden_state` [batch, sequence, hiddenSize] and, with pooler, `pooler_output` [batch, hiddenSize] */
  forward(inputs: ModelInputs): ModelOutputs & { readonly lastHiddenState: Tensor } {
    const { states } = this.run(inputs);
    const lastHiddenState = states.hiddenStates.at(-1) as Tensor;
    const pooled = this.pooler?.forward(lastHiddenState);
    const scores = { last_hidden_state: lastHiddenState, ...(pooled && { pooler_output: pooled }) };
    return { scores, ...states, lastHiddenState };
  }

  /**
   * The last hidden state at some positions alone: [positions, hiddenSize].
   *
   * @param positions int64 [positions], the token at place p of text b being b * sequenceLength + p
   */
  forwardAt(inputs: ModelInputs, positions: Tensor): Tensor {
    const { states, mask } = this.run(inputs);
    return this.stack.at(states.hiddenStates, mask, positions);
  }

  /** `forwardAt` and `forwardPooled` in one pass: [positions, hiddenSize] and [batch, hiddenSize]. */
  forwardAtAndPooled(inputs: ModelInputs, positions: Tensor): { readonly at: Tensor; readonly pooled: Tensor } {
    const { states, mask } = this.run(inputs);
    const { at, first } = this.stack.atAndFirst(states.hiddenStates, mask, positions);
    return { at, pooled: (this.pooler as Pooler).forward(first) };
  }

  /** The last hidden state of the first token alone, [batch, 1, hiddenSize], at the cost of all layers but the last. */
  forwardFirst(inputs: ModelInputs): EncoderStates & { readonly first: Tensor } {
    const { states, mask } = this.run(inputs);
    return { first: this.stack.first(states.hiddenStates, mask), ...states };
  }

  /** `pooler_output` alone, [batch, hiddenSize], as cheap as `forwardFirst`. */
  forwardPooled(inputs: ModelInputs): EncoderStates & { readonly pooled: Tensor } {
    const { first, ...states } = this.forwardFirst(inputs);
    return { pooled: (this.pooler as Pooler).forward(first), ...states };
  }

  private run(inputs: ModelInputs): { readonly states: EncoderStates; readonly mask: Tensor } {
    const mask = paddingMask(inputs.attentionMask);
    return { states: this.stack.forward(this.embed(inputs), mask), mask };
  }
}
