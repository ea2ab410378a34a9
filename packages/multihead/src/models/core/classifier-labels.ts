/** @file Adapts a trained classifier to given labels. */
import { inOrderOf } from '../../data/labels/label-names.js';
import type { ProblemType } from '../../data/labels/label-set.js';
import { type LabelledConfig, replaceLabels } from './label-settings.js';
import type { AdaptedConfig } from './pretrained.js';

/** The module that scores labels. */
const head = 'classifier';

/**
 * Returns the problem type of a classifier's configuration. As in Transformers, a single label without a problem type
 * means regression.
 */
export const problemTypeOf = ({
  problemType,
  id2label,
}: Pick<LabelledConfig, 'problemType' | 'id2label'>): ProblemType =>
  problemType ?? (id2label.length === 1 ? 'regression' : 'single_label_classification');

/**
 * The configuration of a classifier with other labels. The scores of a trained head are in the order of its own labels:
 * where the same labels are asked for, in whatever order, that order stays. Otherwise the head is a new one.
 */
export function adaptLabels<C extends LabelledConfig>(own: C, asked: Partial<C>): AdaptedConfig<C> {
  const config = replaceLabels(own, asked);
  if (!asked.id2label) return { config, renewed: config.numLabels === own.numLabels ? [] : [head] };
  const isRegression = problemTypeOf(own) === 'regression';
  if (isRegression !== (problemTypeOf(config) === 'regression')) return { config, renewed: [head] };
  const isSameSize = own.id2label.length === asked.id2label.length;
  // A regression's values have names too, but data do not give them.
  const ordered = isRegression && isSameSize ? own.id2label : inOrderOf(own.id2label, asked.id2label);
  return ordered ? { config: { ...config, id2label: ordered }, renewed: [] } : { config, renewed: [head] };
}
