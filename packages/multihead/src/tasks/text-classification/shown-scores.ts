/** @file A classifier's scores as they are presented. */

import type { LabelledConfig } from '../../models/core/label-settings.js';
import { sigmoid } from '../../platform/softmax.js';
import type { LabelScore } from './text-classification.js';

/**
 * A prediction as it is given. As in Transformers, one label that is not said to be a regression's value is the score of a
 * pair (cross-encoders), and is given as a probability.
 */
export function shownScores(
  config: Pick<LabelledConfig, 'numLabels' | 'problemType'>,
  scores: readonly LabelScore[],
): readonly LabelScore[] {
  if (config.numLabels !== 1 || config.problemType !== null) return scores;
  return scores.map((one) => ({ ...one, score: sigmoid(one.score) }));
}
