/** @file What all models of BERT's family have in common: their configuration and the names in their checkpoints. */
import { type BertConfig, bertConfig } from './bert-config.js';
import { PretrainedModel } from './pretrained.js';
import type { TiedWeights } from './tied-weights.js';

/** The matrix that the head for words shares with the embedding. */
export const bertTiedWeights: TiedWeights = {
  embedding: 'bert.embeddings.word_embeddings.weight',
  head: 'cls.predictions.decoder.weight',
};

/** A BERT, with a head or without. */
export abstract class BertPretrainedModel extends PretrainedModel {
  static readonly configFormat = bertConfig;
  abstract override readonly config: BertConfig;

  get basePrefix(): string {
    return 'bert';
  }
}
