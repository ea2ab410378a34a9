/** @file Texts of files classified: `{"text": ..., "labels": [{"label": ..., "score": ...}]}`. */
import type { ClassificationExample } from '../data/classification.js';
import { openTexts } from '../data/open-texts.js';
import { loadForTask } from '../inference/load.js';
import { shownScores } from '../inference/text-classification.js';
import { predictExamples } from '../tasks/predict.js';
import type { BadRows } from './bad-rows.js';
import { textOptions } from './data-options.js';
import { given } from './options.js';
import type { FilePrediction, PredictFileArguments } from './predict-file.js';

/** Opens the texts. */
export async function predictTexts(
  options: PredictFileArguments,
  badRows: BadRows,
): Promise<FilePrediction<ClassificationExample>> {
  const { topK = 1 } = options;
  return {
    unit: 'texts',
    examples: await openTexts(options.data, { ...textOptions(options, 'test', badRows), requireLabels: false }),
    settings: { topK, ...given(options, 'maxLength') },
    async load() {
      const { model, task } = await loadForTask('text-classification', options.model, given(options, 'maxLength'));
      return {
        async predict(examples, onProgress) {
          // A label that a file of texts happens to have is of no matter here.
          const texts = examples.map(({ label: _, ...text }): ClassificationExample => text);
          const predictions = await predictExamples(model, task, texts, { onProgress });
          return texts.map(({ text, textPair }, i) => ({
            text,
            ...(textPair !== undefined && { textPair }),
            labels: shownScores(model, predictions[i] ?? []).slice(0, topK),
          }));
        },
        dispose: () => model.dispose(),
      };
    },
  };
}
