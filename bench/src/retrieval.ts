/**
 * @file `npm run bench -- retrieval --model DIR --data DATA`: ranks the passages of XQuAD and the answers of the COVID FAQ for
 * their questions, by BM25, by the vectors of each `--model`, by both, and with each `--cross-encoder` that reranks the best
 * `--top` of both. `--every 4` takes each fourth question, `--only COVID` the collections of
 * such a name. Scores of cross-encoders are kept in `--output`, so that a run that was stopped resumes.
 */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { pipeline } from 'multihead';
import { type RankedQuery, retrievalMetric } from 'multihead/metrics';
import { reciprocalRankFusion, semanticSearch } from 'multihead/vectors';
import { Peer, peerScript, python, threads } from './peer.js';
import { candidateScores } from './retrieval-candidates.js';
import { measured, type Retrieval } from './retrieval-collections.js';

/** For each question the numbers of the texts, best first. */
type Rankings = readonly (readonly number[])[];

/** Prints recall and MRR of each way to rank, a line each. */
export async function run(args: readonly string[]): Promise<void> {
  const several = { type: 'string', multiple: true, default: [] as string[] } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: several,
      'cross-encoder': several,
      data: { type: 'string', default: '' },
      top: { type: 'string', default: '10' },
      every: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      output: { type: 'string', default: 'runs/retrieval' },
    },
  });
  const top = Number(values.top);
  mkdirSync(values.output, { recursive: true });
  const peer = new Peer(python, [peerScript('vector_search.py'), '--threads', threads]);
  await peer.read();
  for (const whole of measured(values.data)) {
    if (!whole.name.includes(values.only)) continue;
    const collection = sampled(whole, Number(values.every));
    const { name, queries, texts } = collection;
    console.log(`${name}: ${queries.length} questions, ${texts.length} texts: recall@1, recall@5, MRR@10`);
    const print = (how: string, rankings: Rankings) => console.log(`  ${how}: ${figures(collection, rankings)}`);
    const byWords = (await peer.ask({ bm25: { queries, texts } })).ids as number[][];
    print('BM25', byWords);
    for (const model of values.model) {
      const byMeaning = await byVectors(model, collection);
      print(`vectors of ${basename(model)}`, byMeaning);
      const both = fused(byWords, byMeaning);
      print(`BM25 and vectors of ${basename(model)}`, both);
      for (const folder of values['cross-encoder']) {
        const candidates = both.map((ids) => ids.slice(0, top));
        const file = join(values.output, `${basename(folder)} ${name}.jsonl`);
        const scores = await candidateScores(folder, { ...collection, candidates }, file);
        const reranked = both.map((ids, i) => [...bestFirst(scores[i] as Map<number, number>), ...ids.slice(top)]);
        print(`best ${top} of these, reranked by ${basename(folder)}`, reranked);
        print('the three together', fused(byWords, byMeaning, reranked));
      }
    }
  }
  peer.end();
}

function sampled(collection: Retrieval, every: number): Retrieval {
  const kept = <Value>(values: readonly Value[]) => values.filter((_, i) => i % every === 0);
  return { ...collection, queries: kept(collection.queries), answers: kept(collection.answers) };
}

async function byVectors(model: string, { queries, texts }: Retrieval): Promise<number[][]> {
  const embed = await pipeline('feature-extraction', model);
  const found = await semanticSearch(await embed([...queries]), await embed([...texts]), { topK: texts.length });
  await embed.dispose();
  return found.map((hits) => hits.map(({ corpusId }) => corpusId));
}

/** The rankings of each question as one. */
const fused = (...rankings: readonly Rankings[]): number[][] =>
  (rankings[0] as Rankings).map((_, query) => {
    const each = rankings.map((ranking) => (ranking[query] as number[]).map((corpusId) => ({ corpusId })));
    return reciprocalRankFusion(each).map(({ corpusId }) => corpusId);
  });

const bestFirst = (scores: ReadonlyMap<number, number>): number[] =>
  [...scores].sort(([, a], [, b]) => b - a).map(([id]) => id);

function figures({ answers }: Retrieval, found: Rankings): string {
  const ranked = found.map((ids, i): RankedQuery<number> => ({ relevant: [answers[i] as number], found: ids }));
  const value = (metric: 'recall' | 'mrr', k: number) => retrievalMetric(metric, ranked, k).toFixed(3);
  return [value('recall', 1), value('recall', 5), value('mrr', 10)].join(', ');
}
