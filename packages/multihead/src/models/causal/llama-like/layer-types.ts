/** @file Which layers attend to a sliding window: `use_sliding_window`, `sliding_window` and `layer_types` of config.json. */
import type { ModelConfig } from '../../core/config.js';
import type { ConfigReader } from '../../core/model-config.js';

/** Whether a layer attends to all positions before it, or to a window of them. */
export type LayerType = 'full_attention' | 'sliding_attention';

/** The settings of layers with and without a sliding window. */
export interface LayerTypeConfig {
  /** Whether there is a window at all. */
  readonly useSlidingWindow: boolean;
  /** Number of positions that a layer with a window attends to; null where there is none. */
  readonly slidingWindow: number | null;
  /** The kind of each layer. */
  readonly layerTypes: readonly LayerType[];
}

const types: readonly unknown[] = ['full_attention', 'sliding_attention'];

/** What decides the kinds of layers, where config.json has no list of them. */
interface Usual {
  readonly layers: number;
  /** The window's size where the file gives none; null for no window. */
  readonly slidingWindow: number | null;
  /** Whether a layer has a window, if there is one. */
  slides(layer: number): boolean;
}

/**
 * Takes the kind of each layer out of config.json.
 *
 * @throws UserError for a list of another length or with other kinds, and for layers with a window that has no size
 */
export function readLayerTypes(reader: ConfigReader, usual: Usual): LayerTypeConfig {
  const useSlidingWindow = reader.flag('use_sliding_window', false);
  const size = reader.optionalSize('sliding_window') ?? usual.slidingWindow;
  const slidingWindow = useSlidingWindow ? size : null;
  const given = reader.take('layer_types');
  const typeOf = (layer: number): LayerType =>
    slidingWindow !== null && usual.slides(layer) ? 'sliding_attention' : 'full_attention';
  const layerTypes = (given ?? Array.from({ length: usual.layers }, (_, layer) => typeOf(layer))) as LayerType[];
  const isList = Array.isArray(given ?? []) && layerTypes.length === usual.layers;
  if (!isList || !layerTypes.every((type) => types.includes(type))) {
    reader.fail('layer_types', given, `a list of ${usual.layers} names, each ${types.join(' or ')}`);
  }
  if (slidingWindow === null && layerTypes.includes('sliding_attention')) {
    reader.fail('layer_types', given, 'full_attention alone, since there is no sliding window');
  }
  return { useSlidingWindow, slidingWindow, layerTypes };
}

/** The settings as config.json has them. */
export const layerTypesToJson = (config: LayerTypeConfig): Record<string, unknown> => ({
  use_sliding_window: config.useSlidingWindow,
  sliding_window: config.slidingWindow,
  layer_types: config.layerTypes,
});

/** `layerTypes` is read anew where a setting is replaced that decides it, such as the number of layers. */
export function followLayerTypes<C extends LayerTypeConfig & ModelConfig>(
  changes: Partial<C>,
  decisive: readonly (keyof C)[],
): { readonly layerTypes?: undefined } {
  const isDecided = [...decisive, 'numHiddenLayers', 'useSlidingWindow'].some((name) => name in changes);
  return isDecided && changes.layerTypes === undefined ? { layerTypes: undefined } : {};
}

/** The window of a layer, or null. */
export const windowOf = ({ slidingWindow, layerTypes }: LayerTypeConfig, layer: number): number | null =>
  layerTypes[layer] === 'sliding_attention' ? slidingWindow : null;
