/**
 * @file How well documents were found: what is relevant to a query, and what was ranked highest for it. The means over all queries,
 *   as the InformationRetrievalEvaluator of sentence-transformers computes them.
 */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { checkLengths } from '../statistics/check-lengths.js';

/** What is known of a query and was found for it. `Id` names a document: a number or a text. */
export interface RankedQuery<Id extends number | string = number | string> {
  /** The documents that are relevant to the query; at least one. */
  readonly relevant: readonly Id[];
  /** The documents that were found, best first; each once. */
  readonly found: readonly Id[];
}

/** Whether each of the first k that were found is relevant, and how many there are to find. */
interface Hits {
  readonly isRelevant: readonly boolean[];
  readonly relevant: number;
}

/** The name of a metric. */
export type RetrievalMetric = 'accuracy' | 'precision' | 'recall' | 'mrr' | 'ndcg' | 'map';

/** The metrics of one query. A new one is a row, and a name above. */
const ofQuery: Readonly<Record<RetrievalMetric, (hits: Hits, k: number) => number>> = {
  /** Whether one of the first k is relevant. */
  accuracy: ({ isRelevant }) => Number(isRelevant.includes(true)),
  /** Fraction of the first k that is relevant. */
  precision: ({ isRelevant }, k) => countOf(isRelevant) / k,
  /** Fraction of what is relevant that is among the first k. */
  recall: ({ isRelevant, relevant }) => countOf(isRelevant) / relevant,
  /** 1 / rank of the first relevant one. */
  mrr: ({ isRelevant }) => {
    const first = isRelevant.indexOf(true);
    return first < 0 ? 0 : 1 / (first + 1);
  },
  /** Discounted cumulative gain, as a fraction of that of the best order. */
  ndcg: ({ isRelevant, relevant }, k) =>
    discounted(isRelevant) / discounted(Array.from({ length: Math.min(relevant, k) }, () => true)),
  /** Mean of the precisions at the ranks of what is relevant. */
  map: ({ isRelevant, relevant }, k) => {
    let [found, sum] = [0, 0];
    for (const [rank, isHit] of isRelevant.entries()) if (isHit) sum += ++found / (rank + 1);
    return sum / Math.min(k, relevant);
  },
};

/** Names of all retrieval metrics. */
export const retrievalMetrics = Object.keys(ofQuery) as RetrievalMetric[];

const countOf = (hits: readonly boolean[]): number => hits.filter((isHit) => isHit).length;
const discounted = (hits: readonly boolean[]): number =>
  hits.reduce((sum, isHit, rank) => sum + Number(isHit) / Math.log2(rank + 2), 0);

/**
 * The mean of a metric over queries, of the first k documents of each: {@link RetrievalMetric} says which there are.
 *
 * @throws UserError for no queries, for a query to which nothing is relevant, and for a document that was found twice
 * @example
 * retrievalMetric('recall', [{ relevant: [3, 5], found: [5, 1, 3] }], 2)   // 0.5
 */
export function retrievalMetric<Id extends number | string>(
  metric: RetrievalMetric,
  queries: readonly RankedQuery<Id>[],
  k: number,
): number {
  if (!Object.hasOwn(ofQuery, metric)) {
    throw new UserError(`retrievalMetric: there is no metric "${metric}"; there are: ${retrievalMetrics.join(', ')}`);
  }
  if (!Number.isInteger(k) || k < 1) throw new UserError(`retrievalMetric: k is ${k}; expected a whole number from 1`);
  checkLengths('retrievalMetric', queries, queries);
  const sum = queries.map((query, i) => ofQuery[metric](hitsOf(query, i, k), k)).reduce((a, b) => a + b, 0);
  return sum / queries.length;
}

function hitsOf<Id extends number | string>({ relevant, found }: RankedQuery<Id>, query: number, k: number): Hits {
  const known = new Set(relevant);
  if (known.size === 0)
    throw new UserError(`query ${query}: nothing is relevant to it, so that nothing can be measured`);
  const first = found.slice(0, k);
  if (new Set(first).size < first.length) throw new UserError(`query ${query}: a document was found twice`);
  return { isRelevant: first.map((id) => known.has(id)), relevant: known.size };
}

/** Options of {@link retrievalReport}. */
export interface RetrievalReportOptions {
  /** For accuracy, precision and recall. Default: [1, 3, 5, 10]. */
  readonly k?: readonly number[] | undefined;
  /** For MRR and NDCG. Default: [10]. */
  readonly rankedK?: readonly number[] | undefined;
  /** For MAP. Default: [100]. */
  readonly mapK?: readonly number[] | undefined;
}

const optionNames = namesOf<RetrievalReportOptions>({ k: true, rankedK: true, mapK: true });

/**
 * All retrieval metrics, with the names and the defaults of sentence-transformers' InformationRetrievalEvaluator.
 *
 * @example
 * retrievalReport([{ relevant: ['a'], found: ['b', 'a'] }])['mrr@10']   // 0.5
 */
export function retrievalReport<Id extends number | string>(
  queries: readonly RankedQuery<Id>[],
  options: RetrievalReportOptions = {},
): Record<`${RetrievalMetric}@${number}`, number> {
  checkOptionNames(options, optionNames, 'retrievalReport');
  const { k = [1, 3, 5, 10], rankedK = [10], mapK = [100] } = options;
  const rows: readonly (readonly [RetrievalMetric, readonly number[]])[] = [
    ...(['accuracy', 'precision', 'recall'] as const).map((metric) => [metric, k] as const),
    ...(['mrr', 'ndcg'] as const).map((metric) => [metric, rankedK] as const),
    ['map', mapK],
  ];
  return Object.fromEntries(
    rows.flatMap(([metric, ks]) => ks.map((at) => [`${metric}@${at}`, retrievalMetric(metric, queries, at)])),
  );
}
