/** @file Layers and losses. */
export { type Activation, activation } from './activation.js';
export { type Attended, type AttentionInputs, MultiHeadAttention, scaledDotProductAttention } from './attention.js';
export { Dropout } from './dropout.js';
export { Embedding } from './embedding.js';
export { FeedForward } from './feed-forward.js';
export { LayerNorm } from './layer-norm.js';
export { Linear } from './linear.js';
export { binaryCrossEntropyWithLogits, crossEntropy, meanSquaredError } from './losses.js';
export { causalMask, paddingMask } from './mask.js';
export { type Initializer, Module, Parameter } from './module.js';
export { Pooler } from './pooler.js';
export { l2Normalize, meanPooling } from './pooling.js';
export { TransformerLayer, type TransformerLayerOptions } from './transformer-layer.js';
export { VocabularyDecoder } from './vocabulary-decoder.js';
