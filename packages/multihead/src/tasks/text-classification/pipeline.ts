/** @file The text classification pipeline. */
import type { ClassificationExample } from '../../data/examples/classification/classification.js';
import type { LabelledConfig } from '../../models/core/label-settings.js';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { LoadedTask } from '../pipelines.js';
import { predictExamples } from '../predict.js';
import { checkWhole } from '../validate-features.js';
import { shownScores } from './shown-scores.js';
import type { LabelScore, TextClassification } from './text-classification.js';

/** A pair of texts, such as a premise and a hypothesis. */
export interface TextPair {
  readonly text: string;
  readonly textPair?: string;
}

/** Options of a call. */
export interface ClassifyOptions {
  /** Number of labels to return, highest scores first; null for all. Default: 1. */
  readonly topK?: number | null;
}

const classifyOptionNames = namesOf<ClassifyOptions>({ topK: true });

/**
 * Classifies texts, or pairs of texts: returns the labels with the highest scores, highest first.
 *
 * @example
 * const classify = await pipeline('text-classification', 'runs/nli');
 * await classify({ text: 'A man sleeps.', textPair: 'Nobody sleeps.' }, { topK: null });   // all labels
 */
export interface TextClassificationPipeline {
  (text: string | TextPair, options?: ClassifyOptions): Promise<LabelScore[]>;
  (texts: readonly (string | TextPair)[], options?: ClassifyOptions): Promise<LabelScore[][]>;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

declare module '../pipelines.js' {
  interface Pipelines {
    'text-classification': TextClassificationPipeline;
    'sentiment-analysis': TextClassificationPipeline;
  }
}

/** Creates the pipeline of a classifier. */
export function textClassificationPipeline({
  model,
  task,
  batchSize,
}: LoadedTask<TextClassification>): TextClassificationPipeline {
  const config = model.config as LabelledConfig;
  async function classify(
    texts: string | TextPair | readonly (string | TextPair)[],
    given: ClassifyOptions = {},
  ): Promise<unknown> {
    checkOptionNames(given, classifyOptionNames, 'text-classification');
    const { topK = 1 } = given;
    checkWhole({ topK: topK ?? undefined });
    const examples = [texts].flat().map((input, i): ClassificationExample => {
      const { text, textPair } = typeof input === 'string' ? { text: input } : checkedPair(input, i);
      return { text, ...(textPair !== undefined && { textPair }), line: i + 1 };
    });
    const predictions = await predictExamples(model, task, examples, { batchSize });
    const top = predictions.map((scores) => shownScores(config, scores).slice(0, topK ?? scores.length));
    return Array.isArray(texts) ? top : top[0];
  }
  return Object.assign(classify, { dispose: () => model.dispose() }) as TextClassificationPipeline;
}

function checkedPair(input: TextPair, i: number): TextPair {
  const { text, textPair } = input ?? {};
  if (typeof text === 'string' && (textPair === undefined || typeof textPair === 'string')) return input;
  throw new UserError(
    `text-classification: input ${i + 1} is ${JSON.stringify(input)}; expected a text, or { text: '...', textPair: '...' }`,
  );
}
