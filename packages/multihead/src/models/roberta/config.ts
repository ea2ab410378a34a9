/** @file The configurations of RoBERTa and XLM-RoBERTa. Defaults are those of Hugging Face's RobertaConfig. */
import type { ConfigClass } from '../core/config.js';
import { type BertLikeConfig, bertLikeConfig, bertSizes } from '../encoder/encoder-config.js';

/** The sizes and settings of a RoBERTa. */
export interface RobertaConfig extends BertLikeConfig {}

/** Creates the configuration class of a family that has RoBERTa's settings under another name. */
export const robertaLikeConfig = (name: string, modelType: string, vocabSize: number): ConfigClass<RobertaConfig> =>
  bertLikeConfig({
    name,
    modelType,
    defaults: { sizes: { ...bertSizes, vocabSize }, padTokenId: 1, layerNormEps: 1e-12 },
    keys: {
      aliases: {},
      refused: { is_decoder: { unless: [false], lacks: 'causal attention' } },
      harmless: [],
    },
  });

/**
 * RoBERTa's configuration class.
 *
 * @example
 * const config = new RobertaConfig({ hiddenSize: 256, numHiddenLayers: 4, numAttentionHeads: 4 });
 * const model = new RobertaForMaskedLM(config); // random weights
 */
export const RobertaConfig: ConfigClass<RobertaConfig> = robertaLikeConfig('RobertaConfig', 'roberta', 50265);

/** The sizes and settings of an XLM-RoBERTa. */
export interface XLMRobertaConfig extends RobertaConfig {}

/**
 * XLM-RoBERTa's configuration class.
 *
 * @example
 * const config = new XLMRobertaConfig({ hiddenSize: 256, numHiddenLayers: 4, numAttentionHeads: 4 });
 * const model = new XLMRobertaForMaskedLM(config); // random weights
 */
export const XLMRobertaConfig: ConfigClass<XLMRobertaConfig> = robertaLikeConfig(
  'XLMRobertaConfig',
  'xlm-roberta',
  30522,
);
