/**
 * @file ELECTRA (Clark et al. 2020): BERT's layers over embeddings of a size of their own, without a pooler. Properties
 *   have the names of Hugging Face's checkpoints.
 */
import { Linear } from '../../nn/layers/linear.js';
import type { Tensor } from '../../tensor/tensor.js';
import { BertEmbeddings, BertEncoder } from '../bert/bert.js';
import type { ModelInputs } from '../core/model.js';
import { EncoderModel } from '../encoder/encoder-model.js';
import { electraArchitecture } from './architecture.js';
import type { ElectraConfig } from './config.js';

/**
 * ELECTRA without a head.
 *
 * @example
 * const model = await ElectraModel.fromPretrained('models/electra-small-discriminator');
 * const { lastHiddenState } = await model.predict(batch);
 */
export class ElectraModel extends EncoderModel {
  static readonly architecture = electraArchitecture;
  readonly embeddings: BertEmbeddings;
  /** embeddingSize -> hiddenSize; undefined where they are equal. */
  readonly embeddingsProject: Linear | undefined;
  readonly encoder: BertEncoder;
  readonly pooler = undefined;

  constructor(readonly config: ElectraConfig) {
    super();
    const { embeddingSize, hiddenSize, initializerRange } = config;
    this.embeddings = new BertEmbeddings({ ...config, hiddenSize: embeddingSize });
    this.embeddingsProject =
      embeddingSize === hiddenSize ? undefined : new Linear(embeddingSize, hiddenSize, initializerRange);
    this.encoder = new BertEncoder(config);
  }

  protected get stack(): BertEncoder {
    return this.encoder;
  }

  protected embed(inputs: ModelInputs): Tensor {
    const embedded = this.embeddings.forward(inputs); // [batch, sequence, embeddingSize]
    return this.embeddingsProject?.forward(embedded) ?? embedded;
  }
}
