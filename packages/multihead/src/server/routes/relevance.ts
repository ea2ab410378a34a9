/** @file How relevant texts are to a query. */
import { pipelineNamed } from '../../inference/registry.js';
import { ServeError } from '../errors/serve-error.js';
import type { Call, ServedModel } from '../models/served-model.js';

/** Scores of documents, in their order. */
export interface Relevance {
  readonly scores: readonly number[];
  readonly method: 'cross-encoder' | 'embeddings';
  readonly promptTokens: number;
}

/**
 * Scores documents by the first of the model's pipelines that says how (`relevance` of its service): a cross-encoder's scores,
 * or the cosine of embeddings.
 *
 * @throws ServeError for a model that has none
 */
export async function relevance(
  model: ServedModel,
  query: string,
  documents: readonly string[],
  call: Call,
): Promise<Relevance> {
  const { name, tasks } = model.info;
  for (const task of tasks) {
    const ranking = pipelineNamed(task).service?.relevance;
    if (!ranking) continue;
    const { outputs, promptTokens } = await model.predict(task, ranking.inputs(query, documents), {}, call);
    return { scores: ranking.scores(outputs), method: ranking.method, promptTokens };
  }
  throw new ServeError(
    `the model ${name} cannot rank: expected a text classifier with one label, or a model that embeds`,
    { status: 400, code: 'model_not_suitable', param: 'model' },
  );
}
