/** @file The interface of a causal decoder: a causal language model without its head. */
import type { KeyValue } from '../../nn/attention/grouped-query-attention.js';
import type { TokenPlaces } from '../../nn/attention/mask.js';
import type { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Inputs of a causal decoder. */
export interface DecoderInputs {
  /** Token ids, int64 [batch, sequence]. */
  readonly inputIds: Tensor;
  /** Token positions, int64 [sequence] or [batch, sequence]. */
  readonly positions: Tensor;
  /** Added to attention scores: [1 or batch, 1, sequence, past + sequence]. */
  readonly mask: Tensor;
  /** Places of queries and keys in their text, for attention to a window of it. */
  readonly places: TokenPlaces;
  /** Each layer's keys and values of earlier tokens. */
  readonly past?: readonly KeyValue[] | undefined;
}

/** Outputs of a causal decoder. */
export interface Decoded {
  /** The embeddings' output and each layer's, [batch, sequence, hiddenSize]; the last after the final norm. */
  readonly hiddenStates: readonly Tensor[];
  /** Each layer's attention weights, [batch, heads, sequence, past + sequence]. */
  readonly attentions: readonly Tensor[];
  /** Each layer's keys and values of these tokens alone, [batch, kvHeads, sequence, headDim]. */
  readonly present: readonly KeyValue[];
}

/** Outputs of one layer. */
export interface LayerOutput {
  readonly output: Tensor;
  readonly weights: Tensor;
  readonly present: KeyValue;
}

/** Inputs that all layers of a pass share. */
export interface LayerContext {
  readonly mask: Tensor;
  readonly past?: KeyValue | undefined;
}

/** A causal decoder: embeddings, layers and the final norm. */
export interface CausalDecoder extends Module {
  forward(inputs: DecoderInputs): Decoded;
}

/** Applies layers and a final norm to embeddings, and collects the outputs of each. */
export function runLayers<Context extends LayerContext>(
  embedded: Tensor,
  layers: readonly { forward(hidden: Tensor, context: Context): LayerOutput }[],
  finalNorm: { forward(hidden: Tensor): Tensor },
  contextOf: (layer: number) => Context,
): Decoded {
  const hiddenStates: Tensor[] = [];
  const attentions: Tensor[] = [];
  const present: KeyValue[] = [];
  let hidden = embedded;
  for (const [i, layer] of layers.entries()) {
    hiddenStates.push(hidden);
    const result = layer.forward(hidden, contextOf(i));
    attentions.push(result.weights);
    present.push(result.present);
    hidden = result.output;
  }
  hiddenStates.push(finalNorm.forward(hidden));
  return { hiddenStates, attentions, present };
}
