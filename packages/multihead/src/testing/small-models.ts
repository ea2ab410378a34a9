/** @file A small model of each family with each of its heads, as the registry has them. Not part of the package. */
import { AutoModel, autoModelFor } from '../models/auto-model.js';
import type { ModelConfig } from '../models/core/model-config.js';
import type { HeadName } from '../models/family.js';
import { families } from '../models/registry.js';

/** Layers of the small models. */
export const layers = 3;
/** Small sizes, under the names that most families have and those that others have for them. */
const changes = {
  vocabSize: 40,
  hiddenSize: 16,
  numHiddenLayers: layers,
  numAttentionHeads: 2,
  intermediateSize: 24,
  numKeyValueHeads: 2,
};

/** Sizes with which each matrix is large enough to be quantized. */
export const wide = { vocabSize: 64, hiddenSize: 64, intermediateSize: 96 };

/** A small configuration of a family, with other sizes for some of the small ones. */
export function smallConfig(modelType: string, sizes: Partial<typeof changes> = {}): ModelConfig {
  const { config } = families().find(({ architecture }) => architecture.modelType === modelType)?.architecture ?? {};
  if (!config) throw new Error(modelType);
  const usual = config.fromJson({ model_type: modelType }, modelType);
  const kept = Object.fromEntries(Object.entries({ ...changes, ...sizes }).filter(([name]) => name in usual));
  return config.replace({ ...usual, ...special(usual) }, { ...kept, maxPositionEmbeddings: 20 } as never);
}

/** Special tokens that the small vocabulary has. */
const special = (config: object): Record<string, number> =>
  Object.fromEntries(['bosTokenId', 'eosTokenId'].filter((name) => name in config).map((name) => [name, 2]));

/** Each family with each of its heads, and without. */
export const allModels = families().flatMap(({ architecture, base, heads }) => [
  ...(base ? [[architecture.modelType, 'base'] as const] : []),
  ...Object.keys(heads).map((head) => [architecture.modelType, head as HeadName] as const),
]);

/** The Auto class of a head, or without one. */
export const autoModelOf = (head: HeadName | 'base') => (head === 'base' ? AutoModel : autoModelFor(head));
