/** @file Compares the labels of a task with those of the model that scores them. */
import { labelIds } from '../data/labels/label-names.js';
import type { LabelledConfig } from '../models/core/label-settings.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import { UserError } from '../platform/errors.js';

/** The part of a task that has labels. */
export interface LabelledTask {
  readonly name: string;
  /** Names of the labels, in the order of the model's scores. */
  readonly labels: readonly string[];
}

/**
 * Checks that a model has the labels of a task, in the same order: a score is known by its position alone.
 *
 * @throws UserError that names the labels of both
 */
export function checkLabels({ name, labels }: LabelledTask, model: PretrainedModel): void {
  const { id2label = [] } = model.config as Partial<LabelledConfig>;
  const idOf = labelIds(id2label);
  if (labels.length === id2label.length && labels.every((label, id) => idOf(label) === id)) return;
  throw new UserError(
    `${name}: the task has ${listed(labels)}, and the model has ${listed(id2label)}; they must be the same, in the same ` +
      'order. Give the task those of the model, `labels: model.config.id2label`; for other labels, load the model with ' +
      '`config: { id2label: [...] }`.',
  );
}

/** `2 labels (even, odd)` */
const listed = (labels: readonly string[]): string =>
  `${labels.length} label${labels.length === 1 ? '' : 's'} (${labels.join(', ')})`;
