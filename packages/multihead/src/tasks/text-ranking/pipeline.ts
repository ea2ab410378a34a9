/** @file The text ranking pipeline. */
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import type { LoadedTask } from '../pipelines.js';
import { predictExamples } from '../predict.js';
import { checkWhole } from '../validate-features.js';
import { type RankedDocument, ranked } from './ranked.js';
import type { TextRanking } from './text-ranking.js';

/** A query and the documents that are ranked for it. */
export interface DocumentsToRank {
  readonly query: string;
  readonly documents: readonly string[];
}

/** Options of a call. */
export interface RankOptions {
  /** Number of documents to return. Default: all. */
  readonly topK?: number | undefined;
}

const rankOptionNames = namesOf<RankOptions>({ topK: true });

/**
 * Ranks documents by their relevance to a query: returns their numbers and scores, most relevant first.
 *
 * @example
 * const ranker = await pipeline('text-ranking', 'cross-encoder/ms-marco-MiniLM-L6-v2');
 * await ranker.rank('Where is my parcel?', ['We open at nine.', 'Parcels take two days.'], { topK: 1 });
 * // [{ corpusId: 1, score: 0.93 }]
 */
export interface TextRankingPipeline {
  (input: DocumentsToRank, options?: RankOptions): Promise<RankedDocument[]>;
  (inputs: readonly DocumentsToRank[], options?: RankOptions): Promise<RankedDocument[][]>;
  /** Ranks the documents of one query. */
  rank(query: string, documents: readonly string[], options?: RankOptions): Promise<RankedDocument[]>;
  /** Ends the engine and frees its memory. */
  dispose(): Promise<void>;
}

declare module '../pipelines.js' {
  interface Pipelines {
    'text-ranking': TextRankingPipeline;
  }
}

/** Creates the pipeline of a cross-encoder. */
export function textRankingPipeline({ model, task, batchSize }: LoadedTask<TextRanking>): TextRankingPipeline {
  async function rankAll(
    given: DocumentsToRank | readonly DocumentsToRank[],
    options: RankOptions = {},
  ): Promise<RankedDocument[] | RankedDocument[][]> {
    checkOptionNames(options, rankOptionNames, 'text-ranking');
    const { topK } = options;
    checkWhole({ topK });
    const inputs = [given].flat().map(checked);
    const scores = await predictExamples(model, task, inputs, { batchSize });
    const found = scores.map((each) => ranked(each).slice(0, topK));
    return Array.isArray(given) ? found : (found[0] as RankedDocument[]);
  }
  const rank = (query: string, documents: readonly string[], options?: RankOptions) =>
    rankAll({ query, documents }, options);
  return Object.assign(rankAll, { rank, dispose: () => model.dispose() }) as TextRankingPipeline;
}

function checked(input: DocumentsToRank, i: number): DocumentsToRank {
  const { query, documents } = input ?? {};
  const areTexts = Array.isArray(documents) && documents.every((each) => typeof each === 'string');
  if (typeof query === 'string' && areTexts) return input;
  throw new UserError(
    `text-ranking: input ${i + 1} is ${JSON.stringify(input)}; expected { query: '...', documents: ['...'] }`,
  );
}
