/** @file Layers and losses. */

export { type Activation, activation } from './activation.js';
export {
  type Attended,
  type AttentionInputs,
  type AttentionOptions,
  MultiHeadAttention,
  scaledDotProductAttention,
} from './attention.js';
export { Conv1D } from './conv1d.js';
export { type CountedMean, countedMean } from './counted-mean.js';
export { Dropout } from './dropout.js';
export { Embedding, type EmbeddingOptions } from './embedding.js';
export { FeedForward } from './feed-forward.js';
export { GatedFeedForward, type GatedFeedForwardOptions } from './gated-feed-forward.js';
export { type GroupedQueryOptions, groupedQueryAttention, type KeyValue } from './grouped-query-attention.js';
export { LayerNorm } from './layer-norm.js';
export { Linear } from './linear.js';
export { binaryCrossEntropyWithLogits, type CrossEntropyOptions, crossEntropy, meanSquaredError } from './losses.js';
export { causalMask, decodingMask, paddingMask } from './mask.js';
export { type Initializer, Module, Parameter } from './module.js';
export { Pooler } from './pooler.js';
export { l2Normalize, meanPooling } from './pooling.js';
export { RmsNorm } from './rms-norm.js';
export { type RotaryScaling, type Rotation, rotaryEmbedding, rotaryFrequencies, rotation } from './rotary.js';
export { TransformerLayer, type TransformerLayerOptions } from './transformer-layer.js';
export { VocabularyDecoder } from './vocabulary-decoder.js';
export { VocabularyProjection } from './vocabulary-projection.js';
