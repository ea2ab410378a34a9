/** @file The architecture shared by all DistilBERT models. */

import type { TiedWeights } from '../checkpoint/tied-weights.js';
import type { Architecture } from '../family.js';
import { DistilBertConfig } from './config.js';

/** DistilBERT (Sanh et al. 2019). */
export const distilBertArchitecture: Architecture<DistilBertConfig> = {
  modelType: 'distilbert',
  config: DistilBertConfig,
  basePrefix: 'distilbert',
  inputs: ['input_ids', 'attention_mask'],
  parameterGroups: { embeddings: ['embeddings'], layers: 'transformer.layer', top: [] },
  checkpoint: { redundant: [/(^|\.)embeddings\.position_ids$/, /^vocab_projector\.weight$/] },
};

/** The matrix that the head for tokens shares with the embedding. */
export const distilBertTiedWeights: TiedWeights = {
  embedding: 'distilbert.embeddings.word_embeddings.weight',
  head: 'vocab_projector.weight',
};
