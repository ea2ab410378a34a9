/** @file Encoders of texts without a head: BERT and its like. */
import { Padding } from '../../nn/attention/padding.js';
import type { Pooler } from '../../nn/layers/pooler.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { ModelInputs, ModelOutputs } from '../core/model.js';
import type { BaseModelOutput } from '../core/predictions.js';
import { PretrainedModel } from '../core/pretrained.js';
import type { EncoderConfig } from './encoder-config.js';
import type { EncoderPass, EncoderStack, EncoderStates } from './encoder-stack.js';

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
    const { hiddenStates, attentions } = this.run(inputs, { skipPadding: false });
    const lastHiddenState = hiddenStates.at(-1) as Tensor;
    const pooled = this.pooler?.forward(lastHiddenState);
    const scores = { last_hidden_state: lastHiddenState, ...(pooled && { pooler_output: pooled }) };
    return { scores, hiddenStates, attentions, lastHiddenState };
  }

  /**
   * The last hidden state of tokens, [batch, sequence, hiddenSize], for what reads no padding. In training, padding is not
   * computed, and has zeros.
   */
  forwardTokens(inputs: ModelInputs): EncoderStates & { readonly lastHiddenState: Tensor } {
    const { hiddenStates, attentions } = this.run(inputs);
    return { hiddenStates, attentions, lastHiddenState: hiddenStates.at(-1) as Tensor };
  }

  /**
   * The last hidden state at some positions alone: [positions, hiddenSize].
   *
   * @param positions int64 [positions], the token at place p of text b being b * sequenceLength + p; none is padding
   */
  forwardAt(inputs: ModelInputs, positions: Tensor): Tensor {
    return this.stack.at(this.run(inputs), positions);
  }

  /** `forwardAt` and `forwardPooled` in one pass: [positions, hiddenSize] and [batch, hiddenSize]. */
  forwardAtAndPooled(inputs: ModelInputs, positions: Tensor): { readonly at: Tensor; readonly pooled: Tensor } {
    const { at, first } = this.stack.atAndFirst(this.run(inputs), positions);
    return { at, pooled: (this.pooler as Pooler).forward(first) };
  }

  /**
   * The last hidden state of the first position alone, [batch, 1, hiddenSize], at the cost of all layers but the last. In training, that
   * position is a token: padding is not computed.
   */
  forwardFirst(inputs: ModelInputs): EncoderStates & { readonly first: Tensor } {
    const pass = this.run(inputs);
    const { hiddenStates, attentions } = pass;
    return { first: this.stack.first(pass), hiddenStates, attentions };
  }

  /** `pooler_output` alone, [batch, hiddenSize], as cheap as `forwardFirst`. */
  forwardPooled(inputs: ModelInputs): EncoderStates & { readonly pooled: Tensor } {
    const { first, ...states } = this.forwardFirst(inputs);
    return { pooled: (this.pooler as Pooler).forward(first), ...states };
  }

  private run(inputs: ModelInputs, { skipPadding = true } = {}): EncoderPass {
    return this.stack.forward(this.embed(inputs), new Padding(inputs.attentionMask, { skip: skipPadding }));
  }
}
