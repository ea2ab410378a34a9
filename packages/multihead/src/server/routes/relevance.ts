/** @file How relevant texts are to a query. */
import { ServeError } from '../errors/serve-error.js';
import type { Call, ServedModel } from '../models/served-model.js';

/** Scores of documents, in their order. */
export interface Relevance {
  readonly scores: readonly number[];
  readonly method: 'cross-encoder' | 'embeddings';
  readonly promptTokens: number;
}

/**
 * Scores documents: by a cross-encoder, which is a text classifier with one label, or by the cosine of embeddings.
 *
 * @throws ServeError for a model that can do neither
 */
export async function relevance(
  model: ServedModel,
  query: string,
  documents: readonly string[],
  call: Call,
): Promise<Relevance> {
  const { name, tasks, labels } = model.info;
  if (tasks.includes('text-classification') && labels?.length === 1) {
    const pairs = documents.map((textPair) => ({ text: query, textPair }));
    const { outputs, promptTokens } = await model.predict('text-classification', pairs, { topK: 1 }, call);
    const scores = (outputs as readonly (readonly [{ readonly score: number }])[]).map(([{ score }]) => score);
    return { scores, method: 'cross-encoder', promptTokens };
  }
  if (!tasks.includes('feature-extraction')) {
    throw new ServeError(
      `the model ${name} cannot rank: expected a text classifier with one label, or a model that embeds`,
      { status: 400, code: 'model_not_suitable', param: 'model' },
    );
  }
  const { data, size, promptTokens } = await model.embed([query, ...documents], {}, call);
  const vector = (row: number) => data.subarray(row * size, (row + 1) * size);
  return {
    scores: documents.map((_, i) => cosine(vector(0), vector(i + 1))),
    method: 'embeddings',
    promptTokens,
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += (a[i] as number) * (b[i] as number);
  const lengths = Math.hypot(...a) * Math.hypot(...b);
  return lengths === 0 ? 0 : dot / lengths;
}
