/** @file The configurations of RoBERTa and XLM-RoBERTa. Defaults are those of Hugging Face's RobertaConfig. */
import { type BertLikeConfig, bertLikeConfig, bertSizes } from '../encoder-config.js';
import type { ConfigFormat } from '../model-config.js';

/** The sizes and settings of a RoBERTa. */
export interface RobertaConfig extends BertLikeConfig {}

/** The format of a family whose configuration is RoBERTa's but for its name. */
export const robertaLikeConfig = (modelType: string, vocabSize: number): ConfigFormat<RobertaConfig> =>
  bertLikeConfig({
    modelType,
    defaults: { sizes: { ...bertSizes, vocabSize }, padTokenId: 1, layerNormEps: 1e-12 },
    keys: {
      aliases: {},
      refused: { is_decoder: { unless: [false], lacks: 'causal attention' } },
      harmless: [],
    },
  });

/**
 * How RoBERTa's configuration is read and written.
 *
 * @example
 * const config = await readConfig('models/roberta-base', robertaConfig);
 */
export const robertaConfig: ConfigFormat<RobertaConfig> = robertaLikeConfig('roberta', 50265);
