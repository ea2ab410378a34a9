/** @file The sentence similarity pipeline. */

import { vectorSimilarity } from '../../metrics/similarity/vector-similarity.js';
import { UserError } from '../../platform/errors.js';
import type { LoadedTask } from '../pipelines.js';
import { embedTexts } from './embed-texts.js';
import type { SentenceSimilarity } from './sentence-similarity.js';

/** A sentence, and others that are compared with it. */
export interface SentencesToCompare {
  readonly sourceSentence: string;
  readonly sentences: readonly string[];
}

/**
 * Compares a sentence with others: returns the similarity of its vector with each of theirs, in their order: the cosine,
 * from -1 to 1, unless the model's files name another, such as the negative Manhattan distance.
 *
 * @example
 * const similarity = await pipeline('sentence-similarity', 'runs/sts');
 * await similarity({ sourceSentence: 'A man eats.', sentences: ['Someone is eating.', 'The sky is blue.'] });
 * // [0.87, 0.03]
 */
export interface SentenceSimilarityPipeline {
  (input: SentencesToCompare): Promise<number[]>;
  (inputs: readonly SentencesToCompare[]): Promise<number[][]>;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

declare module '../pipelines.js' {
  interface Pipelines {
    'sentence-similarity': SentenceSimilarityPipeline;
  }
}

/** Creates the pipeline of an encoder. */
export function sentenceSimilarityPipeline({
  model,
  task,
  batchSize,
}: LoadedTask<SentenceSimilarity>): SentenceSimilarityPipeline {
  async function compare(given: SentencesToCompare | readonly SentencesToCompare[]): Promise<number[] | number[][]> {
    const inputs = [given].flat().map(checked);
    const texts = inputs.flatMap(({ sourceSentence, sentences }) => [
      { text: sourceSentence, place: 0 },
      ...sentences.map((text) => ({ text, place: 1 })),
    ]);
    const vectors = await embedTexts(model, task, texts, { batchSize });
    let next = 0;
    const found = inputs.map(({ sentences }) => {
      const source = vectors[next++] as Float32Array;
      return sentences.map(() => vectorSimilarity(source, vectors[next++] as Float32Array)[task.similarity]);
    });
    return Array.isArray(given) ? found : (found[0] as number[]);
  }
  return Object.assign(compare, { dispose: () => model.dispose() }) as SentenceSimilarityPipeline;
}

function checked(input: SentencesToCompare, i: number): SentencesToCompare {
  const { sourceSentence, sentences } = input ?? {};
  const areTexts = Array.isArray(sentences) && sentences.every((each) => typeof each === 'string');
  if (typeof sourceSentence === 'string' && areTexts) return input;
  throw new UserError(
    `sentence-similarity: input ${i + 1} is ${JSON.stringify(input)}; expected { sourceSentence: '...', sentences: ['...'] }`,
  );
}
