/** @file SmolLM3's configuration. Defaults are those of Hugging Face's SmolLM3Config. */
import { type LlamaLikeConfig, llamaLikeConfig } from '../causal/llama-like/config.js';
import {
  followLayerTypes,
  type LayerTypeConfig,
  layerTypesToJson,
  readLayerTypes,
} from '../causal/llama-like/layer-types.js';
import type { ConfigClass } from '../core/config.js';
import type { ConfigReader } from '../core/model-config.js';

/** The sizes and settings of a SmolLM3. */
export interface SmolLM3Config extends LlamaLikeConfig, LayerTypeConfig {
  /** Whether attention's projections have biases. */
  readonly attentionBias: boolean;
  /** Whether the feed-forward network's projections have biases. */
  readonly mlpBias: boolean;
  /** For each layer 1 if it has rotary positions, 0 if it has none (Hugging Face's name means the opposite of its values). */
  readonly noRopeLayers: readonly number[];
  /** Every so many layers one has no rotary positions, where `noRopeLayers` does not say otherwise. */
  readonly noRopeLayerInterval: number;
}

/** For each layer whether it has rotary positions. */
function readRopeLayers(
  reader: ConfigReader,
  layers: number,
): Pick<SmolLM3Config, 'noRopeLayers' | 'noRopeLayerInterval'> {
  const noRopeLayerInterval = reader.size('no_rope_layer_interval', 4);
  const given = reader.take('no_rope_layers');
  const usual = Array.from({ length: layers }, (_, layer) => Number((layer + 1) % noRopeLayerInterval !== 0));
  const isList = Array.isArray(given) && given.length >= layers && given.every((flag) => flag === 0 || flag === 1);
  if (given !== undefined && !isList) reader.fail('no_rope_layers', given, `a list of ${layers} numbers, each 0 or 1`);
  return { noRopeLayerInterval, noRopeLayers: (given as number[] | undefined) ?? usual };
}

/**
 * SmolLM3's configuration class.
 *
 * @example
 * const config = new SmolLM3Config({ hiddenSize: 256, numHiddenLayers: 8, numAttentionHeads: 8, intermediateSize: 688 });
 * const model = new SmolLM3ForCausalLM(config); // random weights
 */
export const SmolLM3Config: ConfigClass<SmolLM3Config> = llamaLikeConfig({
  name: 'SmolLM3Config',
  modelType: 'smollm3',
  defaults: {
    sizes: {
      vocabSize: 128256,
      hiddenSize: 2048,
      intermediateSize: 11008,
      numHiddenLayers: 36,
      numAttentionHeads: 16,
      maxPositionEmbeddings: 32768,
    },
    numKeyValueHeads: 4,
    ropeTheta: 2000000,
    bosTokenId: 128000,
    eosTokenId: 128001,
    padTokenId: 128004,
    tieWordEmbeddings: true,
  },
  keys: { aliases: {}, refused: {}, harmless: ['pretraining_tp', 'is_decoder', 'max_window_layers'] },
  extra: {
    read(reader, { numHiddenLayers: layers }) {
      const rope = readRopeLayers(reader, layers);
      const slides = (layer: number) => rope.noRopeLayers[layer] === 0;
      return {
        attentionBias: reader.flag('attention_bias', false),
        mlpBias: reader.flag('mlp_bias', false),
        ...rope,
        ...readLayerTypes(reader, { layers, slidingWindow: null, slides }),
      };
    },
    toJson: (config) => ({
      attention_bias: config.attentionBias,
      mlp_bias: config.mlpBias,
      no_rope_layers: config.noRopeLayers,
      no_rope_layer_interval: config.noRopeLayerInterval,
      ...layerTypesToJson(config),
    }),
    follow: (changes) => ({
      ...followLayerTypes(changes, ['noRopeLayers', 'noRopeLayerInterval']),
      ...(('numHiddenLayers' in changes || 'noRopeLayerInterval' in changes) &&
        changes.noRopeLayers === undefined && { noRopeLayers: undefined }),
    }),
  },
});
