/** @file Layers and losses. */

export {
  type Attended,
  type AttentionInputs,
  type AttentionOptions,
  MultiHeadAttention,
  scaledDotProductAttention,
} from './attention/attention.js';
export { type GroupedQueryOptions, groupedQueryAttention, type KeyValue } from './attention/grouped-query-attention.js';
export { causalMask, decodingMask, paddingMask } from './attention/mask.js';
export { type RotaryScaling, type Rotation, rotaryEmbedding, rotaryFrequencies, rotation } from './attention/rotary.js';
export { type Activation, activation } from './layers/activation.js';
export { Conv1D } from './layers/conv1d.js';
export { Dropout } from './layers/dropout.js';
export { Embedding, type EmbeddingOptions } from './layers/embedding.js';
export { FeedForward } from './layers/feed-forward.js';
export { GatedFeedForward, type GatedFeedForwardOptions } from './layers/gated-feed-forward.js';
export { LayerNorm } from './layers/layer-norm.js';
export { Linear } from './layers/linear.js';
export { Pooler } from './layers/pooler.js';
export { l2Normalize, meanPooling } from './layers/pooling.js';
export { RmsNorm } from './layers/rms-norm.js';
export { TransformerLayer, type TransformerLayerOptions } from './layers/transformer-layer.js';
export { VocabularyDecoder } from './layers/vocabulary-decoder.js';
export { VocabularyProjection } from './layers/vocabulary-projection.js';
export { type CountedMean, countedMean } from './losses/counted-mean.js';
export {
  binaryCrossEntropyWithLogits,
  type CrossEntropyOptions,
  crossEntropy,
  meanSquaredError,
} from './losses/losses.js';
export { type Initializer, Module, Parameter } from './module.js';
