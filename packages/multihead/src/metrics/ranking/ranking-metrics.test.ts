/** @file Metrics of rankings on 1,000 cases each, against sentence-transformers and scikit-learn, and by what they mean. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parkMiller } from '../../testing/park-miller.js';
import { ndcgScore } from './ndcg-score.js';
import { rerankingReport } from './reranking-report.js';
import { type RankedQuery, retrievalMetric, retrievalMetrics, retrievalReport } from './retrieval-metrics.js';

const expected = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../fixtures/metrics/ranking.json', import.meta.url)), 'utf8'),
) as Record<'retrieval' | 'graded' | 'reranking', number[]>;

type Below = ReturnType<typeof parkMiller>;

function shuffled(below: Below, count: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

const oneNumber = (values: readonly number[]) => values.reduce((sum, value, i) => sum + value * 2 ** i, 0);
const seeds = Array.from({ length: 1000 }, (_, i) => i + 1);

function expectAll(found: readonly number[], wanted: readonly number[]) {
  expect(found).toHaveLength(wanted.length);
  const differences = found.map((value, i) => Math.abs(value - (wanted[i] as number)));
  expect(Math.max(...differences)).toBeLessThan(1e-9);
}

describe('1,000 cases', () => {
  test('of retrieval, as InformationRetrievalEvaluator', () => {
    const found = seeds.map((seed) => {
      const below = parkMiller(seed);
      const [documents, queries, k] = [2 + below(30), 1 + below(4), 1 + below(12)];
      const ranked = Array.from({ length: queries }, (): RankedQuery => {
        const relevant = shuffled(below, documents);
        const count = 1 + below(documents);
        const ids = shuffled(below, documents);
        return { relevant: relevant.slice(0, count), found: ids.slice(0, below(documents + 1)) };
      });
      return oneNumber(retrievalMetrics.map((metric) => retrievalMetric(metric, ranked, k)));
    });
    expectAll(found, expected.retrieval);
  });

  test('of graded relevance with equal scores, as ndcg_score', () => {
    const found = seeds.map((seed) => {
      const below = parkMiller(seed);
      const documents = 2 + below(20);
      const k = 1 + below(documents);
      const relevance = Array.from({ length: documents }, () => below(5));
      const scores = Array.from({ length: documents }, () => below(12) / 4);
      return oneNumber([ndcgScore(relevance, scores), ndcgScore(relevance, scores, { k })]);
    });
    expectAll(found, expected.graded);
  });

  test('of reranking, as CrossEncoderRerankingEvaluator', () => {
    const found = seeds.map((seed) => {
      const below = parkMiller(seed);
      const [documents, k] = [2 + below(20), 1 + below(12)];
      const isRelevant = Array.from({ length: documents }, () => below(3) === 0);
      isRelevant[below(documents)] = true;
      const scores = shuffled(below, documents).map((i) => i / 8);
      const { map, mrr, ndcg } = rerankingReport([{ isRelevant, scores }], { k });
      return oneNumber([map, mrr, ndcg]);
    });
    expectAll(found, expected.reranking);
  });
});

describe('properties', () => {
  const query = fc
    .record({
      relevant: fc.uniqueArray(fc.nat(20), { minLength: 1 }),
      found: fc.uniqueArray(fc.nat(20)),
    })
    .map((drawn): RankedQuery<number> => drawn);
  const k = fc.integer({ min: 1, max: 25 });

  test('each metric is from 0 to 1; a perfect ranking has 1 of all but precision and recall', () => {
    fc.assert(
      fc.property(fc.array(query, { minLength: 1 }), k, (queries, at) => {
        const perfect = queries.map(({ relevant }) => ({ relevant, found: relevant }));
        for (const metric of retrievalMetrics) {
          const value = retrievalMetric(metric, queries, at);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
          const best = retrievalMetric(metric, perfect, at);
          expect(best).toBeGreaterThanOrEqual(value - 1e-12);
          if (metric !== 'precision' && metric !== 'recall') expect(best).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  test('what moves up makes no metric worse', () => {
    fc.assert(
      fc.property(query, fc.nat(), k, ({ relevant, found }, pick, at) => {
        const hits = found.flatMap((id, rank) => (rank > 0 && relevant.includes(id) ? [rank] : []));
        const rank = hits[pick % hits.length];
        if (rank === undefined) return;
        const better = [...found];
        [better[rank - 1], better[rank]] = [better[rank] as number, better[rank - 1] as number];
        if (relevant.includes(found[rank - 1] as number)) return;
        for (const metric of retrievalMetrics) {
          const of = (ids: number[]) => retrievalMetric(metric, [{ relevant, found: ids }], at);
          expect(of(better)).toBeGreaterThanOrEqual(of([...found]) - 1e-12);
        }
      }),
    );
  });

  test('NDCG of 0 and 1 is the same from scores as from a ranking', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1 }), k, (isRelevant, at) => {
        fc.pre(isRelevant.includes(true));
        const found = [...isRelevant.keys()];
        const relevant = found.filter((i) => isRelevant[i]);
        const scores = found.map((i) => -i);
        const value = retrievalMetric('ndcg', [{ relevant, found }], at);
        expect(ndcgScore(isRelevant.map(Number), scores, { k: at })).toBeCloseTo(value, 12);
      }),
    );
  });
});

test('the report has the names and defaults of sentence-transformers', () => {
  const report = retrievalReport([{ relevant: ['a'], found: ['b', 'a'] }]);
  expect(Object.keys(report)).toEqual([
    ...['accuracy', 'precision', 'recall'].flatMap((name) => [1, 3, 5, 10].map((k) => `${name}@${k}`)),
    ...['mrr@10', 'ndcg@10', 'map@100'],
  ]);
  expect(report).toMatchObject({ 'accuracy@1': 0, 'recall@3': 1, 'mrr@10': 0.5, 'map@100': 0.5 });
  expect(Object.keys(retrievalReport([{ relevant: [1], found: [] }], { k: [2], rankedK: [], mapK: [3] }))).toEqual([
    ...['accuracy@2', 'precision@2', 'recall@2', 'map@3'],
  ]);
});

test('of equal scores, what is listed first has no advantage', () => {
  expect(rerankingReport([{ isRelevant: [true, false], scores: [1, 1] }]).mrr).toBe(0.5);
});

test.each<[string, () => unknown, RegExp]>([
  ['no queries', () => retrievalReport([]), /no references, so nothing to measure/],
  [
    'nothing relevant',
    () => retrievalMetric('map', [{ relevant: [], found: [1] }], 3),
    /query 0: nothing is relevant to it/,
  ],
  [
    'one twice',
    () => retrievalMetric('map', [{ relevant: [1], found: [1, 1] }], 3),
    /query 0: a document was found twice/,
  ],
  [
    'k of nothing',
    () => retrievalMetric('map', [{ relevant: [1], found: [] }], 0),
    /k is 0; expected a whole number from 1/,
  ],
  [
    'an unknown metric',
    () => retrievalMetric('auc' as 'map', [], 1),
    /no metric "auc"; there are: accuracy, precision/,
  ],
  ['negative relevance', () => ndcgScore([-1], [1]), /relevance 0 is -1; expected a number from 0/],
  ['a score that is none', () => ndcgScore([1], [Number.NaN]), /score 0 is NaN; expected a finite number/],
])('%s: a clear error', (_, call, message) => {
  expect(call).toThrow(message);
});
