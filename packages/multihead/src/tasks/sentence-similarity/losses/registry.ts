/** @file The registry of losses of sentence vectors. A new loss is one file in this folder and one row here. */
import type { z } from 'zod';
import { UserError } from '../../../platform/errors.js';
import { likelyName } from '../../../platform/option-names.js';
import { angle } from './angle.js';
import { contrastive } from './contrastive.js';
import { cosent } from './cosent.js';
import { cosineSimilarity } from './cosine-similarity.js';
import { multipleNegativesRanking } from './multiple-negatives-ranking.js';
import type { SimilarityLoss } from './similarity-loss.js';
import { softmax } from './softmax.js';
import { triplet } from './triplet.js';

const builtIn = [multipleNegativesRanking, cosent, angle, cosineSimilarity, triplet, contrastive, softmax] as const;

/** The name of a built-in loss. */
export type BuiltInSimilarityLoss =
  | 'multiple-negatives-ranking'
  | 'cosent'
  | 'angle'
  | 'cosine-similarity'
  | 'triplet'
  | 'contrastive'
  | 'softmax';

/** A loss's name: a built-in one, or one that was registered. */
export type SimilarityLossName = BuiltInSimilarityLoss | (string & {});

const registered = new Map<string, SimilarityLoss>(
  builtIn.map((loss) => [loss.name, loss as unknown as SimilarityLoss]),
);

/**
 * Returns all losses of sentence vectors, in the order of their registration.
 *
 * @example
 * similarityLosses().map(({ name }) => name); // ['multiple-negatives-ranking', 'cosent', 'angle', ...]
 */
export const similarityLosses = (): readonly SimilarityLoss[] => [...registered.values()];

/**
 * Registers a loss of sentence vectors under its name for `loss`.
 *
 * @throws UserError if a loss with this name exists
 * @example
 * import { z } from 'zod';
 * registerSimilarityLoss({
 *   name: 'dots',
 *   description: 'lets pairs have a large dot product',
 *   data: { texts: { least: 2, most: 2 }, labels: ['none'] },
 *   options: z.object({}),
 *   build: ({ vectors: [a, b] }) => (a as Tensor).mul(b as Tensor).sum(-1).mean().neg(),
 * });
 */
export function registerSimilarityLoss<Schema extends z.ZodObject>(loss: SimilarityLoss<Schema>): void {
  if (registered.has(loss.name)) {
    throw new UserError(`registerSimilarityLoss: there is a loss "${loss.name}" already`);
  }
  registered.set(loss.name, loss as unknown as SimilarityLoss);
}

/**
 * Looks up a loss by name.
 *
 * @throws UserError that lists the names
 * @example
 * similarityLossNamed('cosent').description; // 'pairs with higher scores have higher cosines; ...'
 */
export function similarityLossNamed(name: string): SimilarityLoss {
  const loss = registered.get(name);
  if (loss) return loss;
  const likely = likelyName(name, [...registered.keys()]);
  throw new UserError(
    `loss is ${name}; it must be one of ${[...registered.keys()].join(', ')}${likely ? `. Did you mean ${likely}?` : ''}`,
  );
}
