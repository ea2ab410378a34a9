/** @file The configuration of DistilBERT, which has names of its own. Defaults are those of Hugging Face's DistilBertConfig. */
import { type ConfigClass, configClass } from '../core/config.js';
import { labelsToJson, readLabels, replaceLabels } from '../core/label-settings.js';
import { renamed } from '../core/model-config.js';
import {
  classifierPoolingToJson,
  type EncoderConfig,
  encoderActivations,
  readClassifierPooling,
} from '../encoder/encoder-config.js';

/** The sizes and settings of a DistilBERT. */
export interface DistilBertConfig extends EncoderConfig {
  /** Dropout before the scores of answers' starts and ends. */
  readonly qaDropout: number;
  /** Dropout before the classifier of texts. */
  readonly seqClassifDropout: number;
  /** Whether a new model's positions are sines and cosines; they are trained as others are. */
  readonly sinusoidalPosEmbds: boolean;
}

const sizes = {
  vocabSize: 'vocab_size',
  hiddenSize: 'dim',
  numHiddenLayers: 'n_layers',
  numAttentionHeads: 'n_heads',
  intermediateSize: 'hidden_dim',
  maxPositionEmbeddings: 'max_position_embeddings',
} as const;

const usualSizes = {
  vocabSize: 30522,
  hiddenSize: 768,
  numHiddenLayers: 6,
  numAttentionHeads: 12,
  intermediateSize: 3072,
  maxPositionEmbeddings: 512,
};

const keys = {
  aliases: { hidden_size: 'dim', num_attention_heads: 'n_heads', num_hidden_layers: 'n_layers' },
  refused: {},
  harmless: ['tie_weights_'],
  properties: {
    hidden_dim: 'intermediateSize',
    activation: 'hiddenAct',
    dropout: 'hiddenDropoutProb',
    attention_dropout: 'attentionProbsDropoutProb',
  },
};

/**
 * DistilBERT's configuration class. `dim`, `nLayers` and `nHeads` of Transformers have the same names as in other
 * families.
 *
 * @example
 * const config = new DistilBertConfig({ hiddenSize: 256, numHiddenLayers: 3, numAttentionHeads: 4 });
 * const model = new DistilBertForMaskedLM(config); // random weights
 */
export const DistilBertConfig: ConfigClass<DistilBertConfig> = configClass<DistilBertConfig>({
  name: 'DistilBertConfig',
  modelType: 'distilbert',
  keys,
  read(reader) {
    const labels = readLabels(reader);
    const sized = reader.sizes(sizes, usualSizes);
    reader.checkHeads(sized.hiddenSize, sized.numAttentionHeads, ['dim', 'n_heads']);
    return {
      ...sized,
      hiddenAct: reader.oneOf('activation', 'gelu', encoderActivations),
      hiddenDropoutProb: reader.rate('dropout', 0.1),
      attentionProbsDropoutProb: reader.rate('attention_dropout', 0.1),
      classifierDropout: null,
      classifierPooling: readClassifierPooling(reader),
      qaDropout: reader.rate('qa_dropout', 0.1),
      seqClassifDropout: reader.rate('seq_classif_dropout', 0.2),
      sinusoidalPosEmbds: reader.flag('sinusoidal_pos_embds', false),
      ...labels,
      initializerRange: reader.initializerRange(),
      layerNormEps: 1e-12, // Transformers has no setting for it
      padTokenId: reader.tokenId('pad_token_id', 0, sized.vocabSize),
      tieWordEmbeddings: reader.flag('tie_word_embeddings', true),
    };
  },
  toJson: (config) => ({
    ...renamed(sizes, config),
    activation: config.hiddenAct,
    dropout: config.hiddenDropoutProb,
    attention_dropout: config.attentionProbsDropoutProb,
    qa_dropout: config.qaDropout,
    seq_classif_dropout: config.seqClassifDropout,
    ...classifierPoolingToJson(config),
    sinusoidal_pos_embds: config.sinusoidalPosEmbds,
    initializer_range: config.initializerRange,
    pad_token_id: config.padTokenId,
    tie_word_embeddings: config.tieWordEmbeddings,
    ...labelsToJson(config),
  }),
  replace: replaceLabels,
});
