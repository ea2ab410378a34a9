/**
 * @file The depth of parameters in their model: the embeddings are group 0, layer i of L is group i + 1, and what is
 *   above the layers (pooler, head) is group L + 1. The family says which modules those are.
 */
import type { Architecture } from '../family.js';
import type { ModelConfig } from './model-config.js';

/** The parts of a model that determine its parameter groups. */
export interface GroupedModel {
  readonly architecture: Pick<Architecture, 'basePrefix' | 'parameterGroups'>;
  readonly config: Pick<ModelConfig, 'numHiddenLayers'>;
}

/** Whether a parameter is one of the base model's, not of a head. */
export const isInBase = ({ architecture }: GroupedModel, name: string): boolean =>
  name.startsWith(`${architecture.basePrefix}.`);

/**
 * Returns the group of a parameter.
 *
 * @throws Error for a parameter of the base model that its family puts into no group
 */
export function groupOf({ architecture, config }: GroupedModel, name: string): number {
  const { basePrefix, parameterGroups } = architecture;
  const { embeddings, layers, top } = parameterGroups;
  const own = name.startsWith(`${basePrefix}.`) ? name.slice(basePrefix.length + 1) : name;
  const isIn = (module: string) => own.startsWith(`${module}.`);
  if (isIn(layers)) return Number.parseInt(own.slice(layers.length + 1), 10) + 1;
  if (embeddings.some(isIn)) return 0;
  if (own !== name && !top.some(isIn)) {
    throw new Error(
      `internal: ${name} is in no group of parameters; its family's parameterGroups must name its module`,
    );
  }
  return config.numHiddenLayers + 1;
}
