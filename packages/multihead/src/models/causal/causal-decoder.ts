/** @file What a causal language model has under its head, whatever its architecture. */
import type { KeyValue } from '../../nn/attention/grouped-query-attention.js';
import type { Module } from '../../nn/module.js';
import type { Tensor } from '../../tensor/tensor.js';

/** What a causal decoder reads. */
export interface DecoderInputs {
  /** Token numbers, int64 [batch, sequence]. */
  readonly inputIds: Tensor;
  /** Their places in the text, int64 [sequence] or [batch, sequence]. */
  readonly positions: Tensor;
  /** Added to attention scores: [1 or batch, 1, sequence, past + sequence]. */
  readonly mask: Tensor;
  /** Each layer's keys and values of earlier tokens. */
  readonly past?: readonly KeyValue[] | undefined;
}

/** What a causal decoder computes. */
export interface Decoded {
  /** The embeddings' output and each layer's, [batch, sequence, hiddenSize]; the last after the final norm. */
  readonly hiddenStates: readonly Tensor[];
  /** Each layer's attention weights, [batch, heads, sequence, past + sequence]. */
  readonly attentions: readonly Tensor[];
  /** Each layer's keys and values of these tokens alone, [batch, kvHeads, sequence, headDim]. */
  readonly present: readonly KeyValue[];
}

/** What one layer computes. */
export interface LayerOutput {
  readonly output: Tensor;
  readonly weights: Tensor;
  readonly present: KeyValue;
}

/** What every layer of a pass is given besides its input. */
export interface LayerContext {
  readonly mask: Tensor;
  readonly past?: KeyValue | undefined;
}

/** Embeddings, layers and the final norm. */
export interface CausalDecoder extends Module {
  forward(inputs: DecoderInputs): Decoded;
}

/** Sends embeddings through layers and a final norm, and gathers what each gives. */
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
