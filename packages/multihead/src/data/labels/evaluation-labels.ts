/** @file Combines the labels of training and evaluation examples. */
import { UserError } from '../../platform/errors.js';
import { showValue } from '../../platform/show-value.js';
import { labelIds } from './label-names.js';
import type { LabelSet } from './label-set.js';
import type { Label } from './label-values.js';

/** Where the examples come from, for errors, and what becomes of labels that only evaluation has. */
export interface EvaluationLabelOptions {
  readonly training: string;
  readonly evaluation: string;
  /**
   * Whether labels that occur only in evaluation become classes, although they cannot be learned. Default: false, they
   * are an error.
   */
  readonly allowUnseen?: boolean | undefined;
}

/** Labels that an error names. */
const named = 10;

/**
 * Returns the labels of a model, given its training and evaluation examples.
 *
 * @throws UserError for evaluation labels of another kind, and for such as no training example has
 * @example
 * const dev = [{ text: 'Late again.', label: 'complaint' }];
 * labelsWithEvaluation(labelSet(train), dev, { training: 'train.csv', evaluation: 'dev.csv' });
 */
export function labelsWithEvaluation(
  labels: LabelSet,
  examples: readonly { readonly label?: Label; readonly line?: number }[],
  { training, evaluation, allowUnseen = false }: EvaluationLabelOptions,
): LabelSet {
  const kind = kinds[labels.problemType];
  for (const { label, line } of examples) {
    if (label === undefined || kind.isOf(label)) continue;
    const place = line === undefined ? '' : ` (line or row ${line})`;
    throw new UserError(
      `${evaluation}: the label ${showValue(label)}${place} is not ${kind.inWords}, as the labels of ${training} are`,
    );
  }
  if (labels.problemType === 'regression') return labels;
  const idOf = labelIds(labels.names);
  const all = new Set(examples.flatMap(({ label }) => label ?? []).map(String));
  const unseen = [...all].filter((name) => idOf(name) === undefined);
  if (unseen.length === 0) return labels;
  if (allowUnseen) return { ...labels, names: [...labels.names, ...unseen.sort()] };
  const some = unseen.slice(0, named).map((name) => JSON.stringify(name));
  const more = unseen.length > named ? `, … ${unseen.length} in all` : '';
  throw new UserError(
    `${evaluation}: no example of ${training} has the label${unseen.length > 1 ? 's' : ''} ${some.join(', ')}${more}, so ` +
      'a model cannot learn them. Take these examples out, or train on such, too; or, with `allowUnseenLabels`, ' +
      'make classes of them that are never learned.',
  );
}

const kinds: Record<LabelSet['problemType'], { inWords: string; isOf(label: Label): boolean }> = {
  single_label_classification: { inWords: 'a single label', isOf: (label) => !Array.isArray(label) },
  multi_label_classification: { inWords: 'a list', isOf: (label) => Array.isArray(label) },
  regression: { inWords: 'a number', isOf: (label) => typeof label === 'number' },
};
