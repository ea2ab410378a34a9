/** @file The architecture shared by all BERT models. */

import type { TiedWeights } from '../checkpoint/tied-weights.js';
import type { Architecture, CheckpointNames } from '../family.js';
import { BertConfig } from './config.js';

/** Names in the checkpoints of BERT and its like: those of TensorFlow's norms, and the decoder's bias in two places. */
export const bertCheckpoint: CheckpointNames = {
  aliases: [
    [/LayerNorm\.weight$/, 'LayerNorm.gamma'],
    [/LayerNorm\.bias$/, 'LayerNorm.beta'],
    [/predictions\.bias$/, 'predictions.decoder.bias'],
    [/predictions\.decoder\.bias$/, 'predictions.bias'],
  ],
  redundant: [/(^|\.)embeddings\.position_ids$/, /predictions\.(decoder\.)?bias$/, /predictions\.decoder\.weight$/],
};

/** BERT (Devlin et al. 2019). */
export const bertArchitecture: Architecture<BertConfig> = {
  modelType: 'bert',
  config: BertConfig,
  basePrefix: 'bert',
  inputs: ['input_ids', 'attention_mask', 'token_type_ids'],
  parameterGroups: { embeddings: ['embeddings'], layers: 'encoder.layer', top: ['pooler'] },
  checkpoint: bertCheckpoint,
};

/** The matrix that the head for tokens shares with the embedding. */
export const bertTiedWeights: TiedWeights = {
  embedding: 'bert.embeddings.word_embeddings.weight',
  head: 'cls.predictions.decoder.weight',
};
