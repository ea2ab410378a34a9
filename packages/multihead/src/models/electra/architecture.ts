/** @file The architecture shared by all ELECTRA models. */

import type { TiedWeights } from '../checkpoint/tied-weights.js';
import type { Architecture } from '../family.js';
import { ElectraConfig } from './config.js';

/** ELECTRA (Clark et al. 2020). */
export const electraArchitecture: Architecture<ElectraConfig> = {
  modelType: 'electra',
  config: ElectraConfig,
  basePrefix: 'electra',
  inputs: ['input_ids', 'attention_mask', 'token_type_ids'],
  parameterGroups: { embeddings: ['embeddings', 'embeddings_project'], layers: 'encoder.layer', top: [] },
  checkpoint: { redundant: [/(^|\.)embeddings\.position_ids$/, /^generator_lm_head\.weight$/] },
};

/** The matrix that the generator's head shares with the embedding. */
export const electraTiedWeights: TiedWeights = {
  embedding: 'electra.embeddings.word_embeddings.weight',
  head: 'generator_lm_head.weight',
};
