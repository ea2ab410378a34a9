/** @file The sliding window of Qwen2 and Qwen3: layers from `max_window_layers` on have one, where it is switched on. */
import type { ModelConfig } from '../../core/config.js';
import type { ConfigReader } from '../../core/model-config.js';
import { followLayerTypes, type LayerTypeConfig, layerTypesToJson, readLayerTypes } from './layer-types.js';

/** The settings of Qwen's sliding window. */
export interface QwenWindowConfig extends LayerTypeConfig {
  /** The first layer with a window, where `layerTypes` does not say otherwise. */
  readonly maxWindowLayers: number;
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

/** Takes the settings out of config.json. */
export function readQwenWindow(reader: ConfigReader, layers: number): QwenWindowConfig {
  const maxWindowLayers = reader.number('max_window_layers', 28, isCount, 'a whole number from 0');
  const slides = (layer: number) => layer >= maxWindowLayers;
  return { maxWindowLayers, ...readLayerTypes(reader, { layers, slidingWindow: 4096, slides }) };
}

/** The settings as config.json has them. */
export const qwenWindowToJson = (config: QwenWindowConfig): Record<string, unknown> => ({
  max_window_layers: config.maxWindowLayers,
  ...layerTypesToJson(config),
});

/** Replaced settings: see {@link followLayerTypes}. */
export const followQwenWindow = (changes: Partial<QwenWindowConfig & ModelConfig>) =>
  followLayerTypes(changes, ['maxWindowLayers']);
