/** @file `multihead/nn`: layers and losses to build models with. */
import '../engine/evaluate.js';

export {
  type Attended,
  type AttentionInputs,
  type AttentionOptions,
  MultiHeadAttention,
  scaledDotProductAttention,
} from '../nn/attention/attention.js';
export {
  type GroupedQueryOptions,
  groupedQueryAttention,
  type KeyValue,
} from '../nn/attention/grouped-query-attention.js';
export { causalMask, decodingMask, paddingMask, slidingWindowMask, type TokenPlaces } from '../nn/attention/mask.js';
export { Padding } from '../nn/attention/padding.js';
export {
  type RotaryPositions,
  type Rotation,
  rotaryEmbedding,
  rotation,
  scaledRotation,
} from '../nn/attention/rotary.js';
export { type RotaryScaling, rotaryFrequencies, rotaryScale } from '../nn/attention/rotary-scaling.js';
export { type Activation, activation } from '../nn/layers/activation.js';
export { Conv1D } from '../nn/layers/conv1d.js';
export { Dropout } from '../nn/layers/dropout.js';
export { Embedding, type EmbeddingOptions } from '../nn/layers/embedding.js';
export { FeedForward } from '../nn/layers/feed-forward.js';
export { GatedFeedForward, type GatedFeedForwardOptions } from '../nn/layers/gated-feed-forward.js';
export { LayerNorm } from '../nn/layers/layer-norm.js';
export { Linear } from '../nn/layers/linear.js';
export { Pooler } from '../nn/layers/pooler.js';
export { l2Normalize, lastTokenPooling, maxPooling, meanPooling } from '../nn/layers/pooling.js';
export { RmsNorm } from '../nn/layers/rms-norm.js';
export { TransformerLayer, type TransformerLayerOptions } from '../nn/layers/transformer-layer.js';
export { VocabularyDecoder } from '../nn/layers/vocabulary-decoder.js';
export { VocabularyProjection } from '../nn/layers/vocabulary-projection.js';
export { type CountedMean, countedMean } from '../nn/losses/counted-mean.js';
export {
  binaryCrossEntropyWithLogits,
  type CrossEntropyOptions,
  crossEntropy,
  meanSquaredError,
} from '../nn/losses/losses.js';
export { type SupervisedContrastiveOptions, supervisedContrastive } from '../nn/losses/supervised-contrastive.js';
export { type Initializer, Module, Parameter } from '../nn/module.js';
