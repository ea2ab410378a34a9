/**
 * @file Groups of parameters that learn at different rates or begin later (Howard and Ruder 2018; FinBERT, Araci 2019): the
 * embeddings are group 0, layer i of L is group i + 1, and what is above the layers (pooler, head) is group L + 1.
 */
import type { GroupStep } from '../engine/engine.js';
import type { TrainingOptions } from './options.js';

/** The number of a parameter's layer, as BERT's, GPT-2's and Llama's checkpoints name them. */
export const layerNumber = /(?:^|\.)(?:encoder\.layer|h|layers)\.(\d+)\./;
/** What stands before the layers, by the same checkpoints' names. */
export const embeddingNames = /(^|\.)(embeddings|wte|wpe|embed_tokens)\./;

/** The options that make groups differ. */
type GroupOptions = Pick<TrainingOptions, 'layerwiseLrDecay' | 'gradualUnfreezingSteps'>;

/** Whether groups differ at all. */
export const hasGroups = ({ layerwiseLrDecay, gradualUnfreezingSteps }: GroupOptions): boolean =>
  layerwiseLrDecay !== 1 || gradualUnfreezingSteps > 0;

/** The number of a parameter's group in a model of so many layers. */
export function groupOf(name: string, layers: number): number {
  const layer = layerNumber.exec(name)?.[1];
  if (layer !== undefined) return Number(layer) + 1;
  return embeddingNames.test(name) ? 0 : layers + 1;
}

/**
 * What a step is to each group: the group d below the top learns at the rate times layerwiseLrDecay^d, and not before
 * d * gradualUnfreezingSteps steps are done.
 *
 * @param step counts from 0
 */
export function groupSteps(
  { layerwiseLrDecay, gradualUnfreezingSteps }: GroupOptions,
  layers: number,
  step: number,
): GroupStep[] {
  return Array.from({ length: layers + 2 }, (_, group) => {
    const depth = layers + 1 - group;
    const since = depth * gradualUnfreezingSteps;
    return { rate: step < since ? 0 : layerwiseLrDecay ** depth, since };
  });
}
