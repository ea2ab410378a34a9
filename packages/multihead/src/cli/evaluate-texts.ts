/** @file Classifiers evaluated on the texts of files. */
import type { ClassificationExample } from '../data/classification.js';
import type { ExampleStream } from '../data/example-stream.js';
import { openTexts } from '../data/open-texts.js';
import { loadForTask } from '../inference/load.js';
import { classificationOutcomes } from '../tasks/outcome.js';
import type {
  ClassificationFeature,
  LabelScore,
  TextClassification,
} from '../tasks/text-classification/text-classification.js';
import type { BadRows } from './bad-rows.js';
import { textOptions } from './data-options.js';
import type { Evaluatable, EvaluateArguments } from './evaluate.js';
import type { TaskReport } from './evaluate-windows.js';

/** What is reported of texts and their labels. */
export const textsReport = (task: TextClassification): TaskReport<ClassificationExample, readonly LabelScore[]> => ({
  unit: 'texts',
  labels: task.problemType === 'single_label_classification' ? task.labels : undefined,
  outcomes: (predictions, texts, from) => classificationOutcomes(task, predictions, texts, from),
});

/** Opens the texts. */
export async function evaluateTexts(
  options: EvaluateArguments,
  badRows: BadRows,
): Promise<Evaluatable<ClassificationExample, ClassificationFeature, readonly number[], readonly LabelScore[]>> {
  const examples = await openTexts(options.data, textOptions(options, 'test', badRows));
  return {
    examples,
    async load() {
      const { model, task } = await loadForTask('text-classification', options.model, options);
      await checkLabels(task, examples);
      return { model, task, report: textsReport(task) };
    },
  };
}

/** Before hours are spent on texts behind which one has a label that the model does not know. */
async function checkLabels(task: TextClassification, examples: ExampleStream<ClassificationExample>): Promise<void> {
  for await (const group of examples.examples()) task.check(group);
}
