/**
 * @file Parameter groups with different learning rates or later starts (Howard and Ruder 2018; FinBERT, Araci 2019).
 *   The parameters of a group are defined in models/core/parameter-groups.ts.
 */
import type { GroupStep } from '../../engine/engine.js';
import type { TrainingOptions } from '../trainer/options.js';

/** The options that make groups differ. */
type GroupOptions = Pick<TrainingOptions, 'layerwiseLrDecay' | 'gradualUnfreezingSteps'>;

/** Whether groups differ at all. */
export const hasGroups = ({ layerwiseLrDecay, gradualUnfreezingSteps }: GroupOptions): boolean =>
  layerwiseLrDecay !== 1 || gradualUnfreezingSteps > 0;

/**
 * Returns the settings of a step for each group: the group d below the top has the rate times layerwiseLrDecay^d, and
 * is frozen for the first d * gradualUnfreezingSteps steps.
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
