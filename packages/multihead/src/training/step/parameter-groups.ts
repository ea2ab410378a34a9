/**
 * @file Groups of parameters that learn at different rates or begin later (Howard and Ruder 2018; FinBERT, Araci 2019). Which
 * parameters a group has: models/core/parameter-groups.ts.
 */
import type { GroupStep } from '../../engine/engine.js';
import type { TrainingOptions } from '../trainer/options.js';

/** The options that make groups differ. */
type GroupOptions = Pick<TrainingOptions, 'layerwiseLrDecay' | 'gradualUnfreezingSteps'>;

/** Whether groups differ at all. */
export const hasGroups = ({ layerwiseLrDecay, gradualUnfreezingSteps }: GroupOptions): boolean =>
  layerwiseLrDecay !== 1 || gradualUnfreezingSteps > 0;

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
