/** @file The architecture shared by all RoBERTa models. */

import type { TiedWeights } from '../checkpoint/tied-weights.js';
import type { Architecture } from '../family.js';
import { RobertaConfig } from './config.js';

/** RoBERTa (Liu et al. 2019). */
export const robertaArchitecture: Architecture<RobertaConfig> = {
  modelType: 'roberta',
  config: RobertaConfig,
  basePrefix: 'roberta',
  inputs: ['input_ids', 'attention_mask'],
  // Positions are counted from behind the padding's number, so that the table's first rows are no places of a text.
  maxLength: ({ maxPositionEmbeddings, padTokenId }) => maxPositionEmbeddings - (padTokenId ?? 0) - 1,
  parameterGroups: { embeddings: ['embeddings'], layers: 'encoder.layer', top: ['pooler'] },
  checkpoint: {
    aliases: [
      [/^lm_head\.bias$/, 'lm_head.decoder.bias'],
      [/^lm_head\.decoder\.bias$/, 'lm_head.bias'],
    ],
    redundant: [/(^|\.)embeddings\.position_ids$/, /^lm_head\.(decoder\.)?bias$/, /^lm_head\.decoder\.weight$/],
  },
};

/** The matrix that the head for tokens shares with the embedding. */
export const robertaTiedWeights: TiedWeights = {
  embedding: 'roberta.embeddings.word_embeddings.weight',
  head: 'lm_head.decoder.weight',
};
