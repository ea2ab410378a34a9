/**
 * @file RoBERTa (Liu et al. 2019): BERT's layers with positions that are counted from behind the padding's number, and
 *   one kind of text. Properties have the names of Hugging Face's checkpoints.
 */

import { Embedding } from '../../nn/layers/embedding.js';
import { Pooler } from '../../nn/layers/pooler.js';
import { cumulativeSum } from '../../tensor/operators/cumulative-sum.js';
import type { Tensor } from '../../tensor/tensor.js';
import { BertEmbeddings, BertEncoder } from '../bert/bert.js';
import type { ModelInputs } from '../core/model.js';
import { paddingRow } from '../core/model-config.js';
import { EncoderModel, type EncoderParts } from '../encoder/encoder-model.js';
import { robertaArchitecture } from './architecture.js';
import type { RobertaConfig } from './config.js';

/** BERT's embeddings, with RoBERTa's positions. */
class RobertaEmbeddings extends BertEmbeddings {
  override readonly positionEmbeddings: Embedding;
  private readonly padId: number;

  constructor(config: RobertaConfig) {
    super(config);
    const paddingIndex = paddingRow(config);
    const options = { deviation: config.initializerRange, paddingIndex };
    this.positionEmbeddings = new Embedding(config.maxPositionEmbeddings, config.hiddenSize, options);
    this.padId = config.padTokenId ?? 0;
  }

  /** A text's tokens have the places padId + 1, padId + 2, ...; padding has padId. */
  protected override positions(inputIds: Tensor): Tensor {
    const isToken = inputIds.equal(this.padId).where(0, 1).cast('int64');
    return cumulativeSum([isToken], { axis: 1 }).mul(isToken).add(this.padId);
  }

  /** All tokens are of type 0: RoBERTa was trained without types. */
  protected override types({ inputIds }: Pick<ModelInputs, 'inputIds'>): Tensor {
    return inputIds.mul(0);
  }
}

/**
 * RoBERTa without a head.
 *
 * @example
 * const model = await RobertaModel.fromPretrained('models/roberta-base');
 * const { lastHiddenState } = await model.predict(batch);
 */
export class RobertaModel extends EncoderModel {
  static readonly architecture = robertaArchitecture;
  readonly embeddings: RobertaEmbeddings;
  readonly encoder: BertEncoder;
  readonly pooler: Pooler | undefined;

  constructor(
    readonly config: RobertaConfig,
    { pooler = true }: EncoderParts = {},
  ) {
    super();
    this.embeddings = new RobertaEmbeddings(config);
    this.encoder = new BertEncoder(config);
    this.pooler = pooler ? new Pooler(config.hiddenSize, config.initializerRange) : undefined;
  }

  protected get stack(): BertEncoder {
    return this.encoder;
  }

  protected embed(inputs: ModelInputs): Tensor {
    return this.embeddings.forward(inputs);
  }
}
