/** @file Text classification as a pipeline: texts in, labels out. */
import type { ClassificationExample } from '../data/classification.js';
import { checkWhole } from '../tasks/limits.js';
import { predictExamples } from '../tasks/predict.js';
import type { LabelScore } from '../tasks/text-classification.js';
import { loadForTask } from './load.js';
import type { PipelineOptions } from './options.js';

/** What a text is classified as: the labels with the highest scores, the highest first. */
export interface TextClassificationPipeline {
  (text: string, options?: { topK?: number }): Promise<LabelScore[]>;
  (texts: readonly string[], options?: { topK?: number }): Promise<LabelScore[][]>;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

/** Loads a classifier. */
export async function textClassification(
  folder: string,
  options: PipelineOptions,
): Promise<TextClassificationPipeline> {
  const { model, task } = await loadForTask('text-classification', folder, options);
  async function classify(texts: string | readonly string[], { topK = 1 } = {}): Promise<unknown> {
    checkWhole({ topK });
    const examples = [texts].flat().map((text, i): ClassificationExample => ({ text, line: i + 1 }));
    const predictions = await predictExamples(model, task, examples, options);
    const top = predictions.map((scores) => scores.slice(0, topK));
    return typeof texts === 'string' ? top[0] : top;
  }
  return Object.assign(classify, { dispose: () => model.dispose() }) as TextClassificationPipeline;
}
