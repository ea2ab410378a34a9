/** @file Retrieval of passages for questions, by the vectors of a model and by BM25: part of `npm run bench -- similarity`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FeatureExtractionPipeline, pipeline } from 'multihead';
import { type RankedQuery, retrievalMetric } from 'multihead/metrics';
import { semanticSearch } from 'multihead/vectors';
import type { Peer } from './peer.js';

/** Questions, texts, and which text answers which question. */
interface Retrieval {
  readonly name: string;
  readonly queries: readonly string[];
  readonly texts: readonly string[];
  /** The number of each question's text. */
  readonly answers: readonly number[];
}

/** Prints recall and MRR of each collection of a data folder. */
export async function measureRetrieval(peer: Peer, model: string, data: string): Promise<void> {
  const embed = await pipeline('feature-extraction', model);
  for (const collection of [xquad(data), covidFaq(data)]) {
    const { name, queries, texts } = collection;
    const vectors = await byVectors(embed, collection);
    const words = (await peer.ask({ bm25: { queries, texts } })).ids as number[][];
    console.log(
      [
        `${name}: ${queries.length} questions, ${texts.length} texts`,
        `vectors ${figures(collection, vectors)}`,
        `BM25 ${figures(collection, words)}`,
      ].join(' | '),
    );
  }
  await embed.dispose();
}

async function byVectors(embed: FeatureExtractionPipeline, { queries, texts }: Retrieval): Promise<number[][]> {
  const found = await semanticSearch(await embed([...queries]), await embed([...texts]), { topK: texts.length });
  return found.map((hits) => hits.map(({ corpusId }) => corpusId));
}

function figures({ answers }: Retrieval, found: readonly (readonly number[])[]): string {
  const ranked = found.map((ids, i): RankedQuery<number> => ({ relevant: [answers[i] as number], found: ids }));
  const value = (metric: 'recall' | 'mrr', k: number) => retrievalMetric(metric, ranked, k).toFixed(3);
  return `recall@1 ${value('recall', 1)}, @5 ${value('recall', 5)}, MRR@10 ${value('mrr', 10)}`;
}

interface Squad {
  readonly data: readonly {
    readonly paragraphs: readonly { context: string; qas: readonly { question: string }[] }[];
  }[];
}

function xquad(data: string): Retrieval {
  const squad = JSON.parse(readFileSync(join(data, 'xquad/xquad.en.json'), 'utf8')) as Squad;
  const paragraphs = squad.data.flatMap((article) => article.paragraphs);
  return {
    name: 'XQuAD English',
    queries: paragraphs.flatMap(({ qas }) => qas.map(({ question }) => question)),
    texts: paragraphs.map(({ context }) => context),
    answers: paragraphs.flatMap(({ qas }, i) => qas.map(() => i)),
  };
}

function covidFaq(data: string): Retrieval {
  const rows = csvRows(readFileSync(join(data, 'covid-qa/faq_covidbert.csv'), 'utf8'));
  const [header = [], ...examples] = rows;
  const column = (name: string) => examples.map((row) => row[header.indexOf(name)] ?? '');
  return {
    name: 'COVID FAQ',
    queries: column('question'),
    texts: column('answer'),
    answers: examples.map((_, i) => i),
  };
}

/** Rows of a CSV file, with quotes. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
