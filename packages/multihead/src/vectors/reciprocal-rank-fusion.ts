/** @file Several rankings of the same texts as one: by words and by vectors, or by several models. */
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { showValue } from '../platform/show-value.js';
import type { SearchHit } from './semantic-search.js';
import { checkCount } from './vectors.js';

/** Options of {@link reciprocalRankFusion}. */
export interface ReciprocalRankFusionOptions {
  /** The more, the less the first ranks count before the later ones. Default: 60, the paper's. */
  readonly k?: number | undefined;
  /** How much each ranking counts. Default: 1 each. */
  readonly weights?: readonly number[] | undefined;
  /** Number of hits that are returned. Default: all. */
  readonly topK?: number | undefined;
}

const optionNames = namesOf<ReciprocalRankFusionOptions>({ k: true, weights: true, topK: true });

/**
 * Fuses rankings of one query by reciprocal ranks (Cormack, Clarke and Büttcher 2009): a hit's score is the sum of
 * weight / (k + rank) over the rankings that have it, rank 1 being the best. Only places count, so that rankings whose scores
 * mean different things, such as BM25 and cosines, can be fused.
 *
 * @param rankings hits of each ranking, best first; their scores are not read
 * @returns the hits of all rankings, best first; of equal scores the one that was met first comes first
 * @throws UserError for a ranking that contains a hit more than once, and for weights that are not one for each ranking
 * @example
 * import { reciprocalRankFusion } from 'multihead/vectors';
 * const byWords = [{ corpusId: 4 }, { corpusId: 2 }];
 * const byMeaning = [{ corpusId: 2 }, { corpusId: 7 }];
 * reciprocalRankFusion([byWords, byMeaning]).map(({ corpusId }) => corpusId); // [2, 4, 7]
 */
export function reciprocalRankFusion(
  rankings: readonly (readonly Pick<SearchHit, 'corpusId'>[])[],
  options: ReciprocalRankFusionOptions = {},
): SearchHit[] {
  checkOptionNames(options, optionNames, 'reciprocalRankFusion');
  const { k = 60, weights = rankings.map(() => 1), topK } = options;
  if (!(k >= 0)) throw new UserError(`k is ${showValue(k)}; it must be a number from 0`);
  if (topK !== undefined) checkCount('topK', topK);
  checkWeights(weights, rankings.length);
  const scores = new Map<number, number>();
  for (const [i, ranking] of rankings.entries()) {
    const met = new Set<number>();
    for (const [place, { corpusId }] of ranking.entries()) {
      if (met.has(corpusId)) throw new UserError(`ranking ${i + 1} contains text ${corpusId} more than once`);
      met.add(corpusId);
      scores.set(corpusId, (scores.get(corpusId) ?? 0) + (weights[i] as number) / (k + place + 1));
    }
  }
  const hits = [...scores].map(([corpusId, score]): SearchHit => ({ corpusId, score }));
  return hits.sort((a, b) => b.score - a.score).slice(0, topK);
}

function checkWeights(weights: readonly number[], rankings: number): void {
  if (weights.length === rankings && weights.every((weight) => Number.isFinite(weight) && weight >= 0)) return;
  throw new UserError(
    `weights are ${showValue(weights)}; there must be one for each of ${rankings} rankings, none of them below 0`,
  );
}
