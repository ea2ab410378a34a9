/**
 * @file The configuration of encoders that are shaped like BERT. Families whose config.json has BERT's names, such as
 * RoBERTa and ELECTRA, differ in defaults and add settings of their own.
 */
import { type ConfigClass, configClass, type OwnSettings } from '../core/config.js';
import type { ConfigKeys } from '../core/config-keys.js';
import { type LabelledConfig, labelsToJson, readLabels, replaceLabels } from '../core/label-settings.js';
import { activationNames, type ConfigReader, isRate, renamed } from '../core/model-config.js';

/** The sizes and settings of an encoder of texts. */
export interface EncoderConfig extends LabelledConfig {
  readonly intermediateSize: number;
  readonly hiddenAct: string;
  readonly hiddenDropoutProb: number;
  readonly attentionProbsDropoutProb: number;
  /** Number of token types; undefined for families without token types. */
  readonly typeVocabSize?: number;
  readonly layerNormEps: number;
  /** Dropout before the classifier; hiddenDropoutProb where it is null. */
  readonly classifierDropout: number | null;
  /** What a classifier of texts reads. Default: `cls`. */
  readonly classifierPooling: ClassifierPooling;
}

/**
 * What a classifier of texts reads: `cls`, the first token's hidden state through the layers that its family has before
 * the last one, as Transformers' classes do; or `mean`, the mean of all tokens' hidden states, which models of sentence
 * vectors were trained for. The key of config.json is ModernBERT's, `classifier_pooling`.
 */
export type ClassifierPooling = 'cls' | 'mean';

/** An encoder's configuration under BERT's names. */
export interface BertLikeConfig extends EncoderConfig {
  readonly typeVocabSize: number;
}

const sizes = {
  vocabSize: 'vocab_size',
  hiddenSize: 'hidden_size',
  numHiddenLayers: 'num_hidden_layers',
  numAttentionHeads: 'num_attention_heads',
  intermediateSize: 'intermediate_size',
  maxPositionEmbeddings: 'max_position_embeddings',
  typeVocabSize: 'type_vocab_size',
} as const;

/** The sizes of BERT's base model, by their property names. */
export const bertSizes = {
  vocabSize: 30522,
  hiddenSize: 768,
  numHiddenLayers: 12,
  numAttentionHeads: 12,
  intermediateSize: 3072,
  maxPositionEmbeddings: 512,
  typeVocabSize: 2,
};

/** The activations that encoders have. */
export const encoderActivations = activationNames.filter((name) => name !== 'silu');

/** What a family declares about its configuration, besides BERT's settings. */
export interface BertLikeFormat<Extra extends object> {
  /** Hugging Face's name of the class: `BertConfig`. */
  readonly name: string;
  readonly modelType: string;
  /** Defaults of Hugging Face's configuration class. */
  readonly defaults: {
    readonly sizes: typeof bertSizes;
    readonly padTokenId: number;
    readonly layerNormEps: number;
  };
  readonly keys: ConfigKeys;
  /** Settings of the family's own. */
  readonly extra?: {
    /** Takes them out of config.json; `sizes` are those of the same file. */
    read(reader: ConfigReader, sizes: typeof bertSizes): Extra;
    /** Their part of config.json. */
    toJson(config: Extra): Record<string, unknown>;
  };
}

/**
 * Creates the configuration class of a BERT-like family.
 *
 * @example
 * const TinyConfig = bertLikeConfig({
 *   name: 'TinyConfig',
 *   modelType: 'tiny',
 *   defaults: { sizes: bertSizes, padTokenId: 0, layerNormEps: 1e-12 },
 *   keys: { aliases: {}, refused: {}, harmless: [] },
 * });
 */
export function bertLikeConfig<Extra extends object = object>({
  name,
  modelType,
  defaults,
  keys,
  extra,
}: BertLikeFormat<Extra>): ConfigClass<BertLikeConfig & Extra> {
  return configClass<BertLikeConfig & Extra>({
    name,
    modelType,
    keys,
    read(reader) {
      const positions = reader.take('position_embedding_type');
      if (positions !== undefined && positions !== 'absolute') {
        reader.fail('position_embedding_type', positions, '"absolute"');
      }
      const classifierDropout = readClassifierDropout(reader, 'classifier_dropout');
      const classifierPooling = readClassifierPooling(reader);
      const labels = readLabels(reader);
      const sized = reader.sizes(sizes, defaults.sizes);
      const settings = {
        ...sized,
        hiddenAct: reader.oneOf('hidden_act', 'gelu', encoderActivations),
        hiddenDropoutProb: reader.rate('hidden_dropout_prob', 0.1),
        attentionProbsDropoutProb: reader.rate('attention_probs_dropout_prob', 0.1),
        classifierDropout,
        classifierPooling,
        ...labels,
        initializerRange: reader.initializerRange(),
        layerNormEps: reader.epsilon('layer_norm_eps', defaults.layerNormEps),
        padTokenId: reader.tokenId('pad_token_id', defaults.padTokenId, sized.vocabSize),
        tieWordEmbeddings: reader.flag('tie_word_embeddings', true),
        ...(extra?.read(reader, sized) as Extra),
      } as OwnSettings<BertLikeConfig & Extra>;
      reader.checkHeads(sized.hiddenSize, sized.numAttentionHeads, ['hidden_size', 'num_attention_heads']);
      return settings;
    },
    toJson: (config) => ({
      ...renamed(sizes, config),
      hidden_act: config.hiddenAct,
      hidden_dropout_prob: config.hiddenDropoutProb,
      attention_probs_dropout_prob: config.attentionProbsDropoutProb,
      classifier_dropout: config.classifierDropout,
      ...classifierPoolingToJson(config),
      initializer_range: config.initializerRange,
      layer_norm_eps: config.layerNormEps,
      pad_token_id: config.padTokenId,
      tie_word_embeddings: config.tieWordEmbeddings,
      position_embedding_type: 'absolute',
      ...extra?.toJson(config),
      ...labelsToJson(config),
    }),
    replace: replaceLabels,
  });
}

/** A classifier's own dropout rate; null for none of its own. */
export function readClassifierDropout(reader: ConfigReader, name: string): number | null {
  const rate = reader.take(name) ?? null;
  return rate === null || (typeof rate === 'number' && isRate(rate))
    ? rate
    : reader.fail(name, rate, 'a rate from 0 to below 1, or null');
}

/** What a classifier reads. */
export const readClassifierPooling = (reader: ConfigReader): ClassifierPooling =>
  reader.oneOf('classifier_pooling', 'cls', ['cls', 'mean']) as ClassifierPooling;

/** What a classifier reads, for config.json: nothing where it is what Transformers' classes read. */
export const classifierPoolingToJson = ({ classifierPooling }: EncoderConfig): Record<string, unknown> =>
  classifierPooling === 'cls' ? {} : { classifier_pooling: classifierPooling };
