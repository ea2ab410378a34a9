/** @file Checks examples: of training, by the form that the loss was chosen for; of evaluations, by what can be evaluated. */
import { placeOf } from '../../data/examples/place-of.js';
import { checkSimilarityExample } from '../../data/examples/similarity/check-example.js';
import type { SimilarityExample } from '../../data/examples/similarity/similarity-examples.js';
import { type SimilarityForm, similarityForm } from '../../data/examples/similarity/similarity-form.js';
import { UserError } from '../../platform/errors.js';
import { showValue } from '../../platform/show-value.js';
import type { ChosenLoss } from './losses/choose-loss.js';
import { checkScores, noClassifier } from './similarity-metrics.js';

/** What training examples are to be. */
export interface TrainingForm {
  readonly form: SimilarityForm;
  readonly loss: Pick<ChosenLoss, 'name' | 'asClasses' | 'asCosines' | 'scores'>;
  /** The score of texts that mean the same, by which scores are divided to be cosines. */
  readonly maxScore: number;
}

/** How each kind of label is described. */
const inWords: Readonly<Record<SimilarityForm['labels'], string>> = {
  none: 'no label',
  scores: 'a number as its label',
  binary: 'the label 0 or 1',
  classes: 'the name of a class as its label',
};

/**
 * Checks training examples. Of another form they would be trained with a loss that does not suit them.
 *
 * @throws UserError that names the first example that is none, or has another form
 */
export function checkTrainingExamples(examples: readonly SimilarityExample[], expected: TrainingForm): void {
  for (const [i, example] of examples.entries()) {
    const place = placeOf(example ?? {}, i);
    checkSimilarityExample(example, place);
    checkForm(example, expected.form, place);
    if (example.label !== undefined) checkLabel(example.label, expected, place);
  }
}

function checkForm({ texts, label }: SimilarityExample, form: SimilarityForm, place: string): void {
  if (texts.length === form.texts && isOfKind(label, form.labels)) return;
  const found = label === undefined ? 'no label' : `the label ${showValue(label)}`;
  throw new UserError(
    `${place} has ${texts.length} texts and ${found}; the task expects ${form.texts} texts and ${inWords[form.labels]}. ` +
      'Give it the form of the training examples: `form: similarityForm(train)`.',
  );
}

function isOfKind(label: number | string | undefined, kind: SimilarityForm['labels']): boolean {
  if (kind === 'none') return label === undefined;
  if (kind === 'classes') return typeof label === 'string';
  return kind === 'binary' ? label === 0 || label === 1 : typeof label === 'number';
}

/** Refuses labels that the loss has no class for, and scores that would be no cosines. */
function checkLabel(label: number | string, { form, loss, maxScore }: TrainingForm, place: string): void {
  if (loss.asClasses && !form.classes.includes(String(label))) {
    throw new UserError(`${place}: the label ${showValue(label)} is not among the form's: ${form.classes.join(', ')}`);
  }
  if (!loss.asCosines || Math.abs(Number(label)) <= maxScore) return;
  throw new UserError(
    `${place}: the score is ${label}, and loss ${loss.name} takes scores from ${-maxScore} to ${maxScore} here. Give the task ` +
      'the form of the training examples, `form: similarityForm(train)`, or `maxScore`.',
  );
}

/**
 * Checks the examples of an evaluation, whose form may be another than that of training.
 *
 * @throws UserError for examples that differ in their form, and for labels that nothing is evaluated by
 */
export function checkEvaluationExamples(
  examples: readonly SimilarityExample[],
  trained: Pick<TrainingForm, 'form' | 'loss'>,
): void {
  const form = similarityForm(examples);
  const { labels, texts } = form;
  if (labels === 'scores') checkScores(form);
  if (labels === 'classes') checkClasses(form, trained);
  if (labels === 'none' || texts === 2) return;
  throw new UserError(`labels go with pairs, and the examples have ${texts} texts`);
}

function checkClasses({ classes }: SimilarityForm, { form, loss }: Pick<TrainingForm, 'form' | 'loss'>): void {
  if (!loss.scores) throw noClassifier();
  const unknown = classes.find((name) => !form.classes.includes(name));
  if (unknown === undefined) return;
  throw new UserError(
    `the evaluation examples have the label ${unknown}, which the training examples have not; theirs are ${form.classes.join(', ')}`,
  );
}
