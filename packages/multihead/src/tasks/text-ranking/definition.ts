/** @file The definition of text ranking. */
import { z } from 'zod';
import {
  type RankingExample,
  readRankingExamples,
  readUnranked,
  sameLabels,
} from '../../data/examples/ranking/ranking.js';
import { openRankingStream } from '../../data/examples/ranking/ranking-stream.js';
import type { ExampleStream } from '../../data/streams/example-stream.js';
import { UserError } from '../../platform/errors.js';
import { Hash } from '../../platform/hash.js';
import { defineTask, type TrainingSources } from '../define-task.js';
import { fineTuningSpace } from '../fine-tuning-space.js';
import { parseNames, parseSettings } from '../parse-settings.js';
import { similarityFileOptions } from '../similarity-file-options.js';
import { hashSplitOf, splitSources } from '../split-sources.js';
import { readActivation, readMaxLength } from './cross-encoder-files.js';
import { checkGrade, rankingLosses, rankingLossNamed, usualLoss } from './losses/registry.js';
import { mistakeOrder, rankingOutcomes } from './outcomes.js';
import { textRankingPipeline } from './pipeline.js';
import { ranked } from './ranked.js';
import { rankingService } from './service.js';
import { TextRanking, usualLength } from './text-ranking.js';

const options = {
  reading: z.object({
    texts: z
      .array(z.string())
      .optional()
      .describe(
        'columns of query, document and perhaps negatives, such as query,positive,negative (default: found by common names)',
      )
      .meta({ value: 'columns', parse: parseNames }),
    label: z
      .string()
      .optional()
      .describe('column of the label, 0 for documents that are not relevant (default: found by common names)')
      .meta({ value: 'column' }),
  }),
  training: z.object({
    loss: z
      .string()
      .optional()
      .describe(
        `loss: ${rankingLosses()
          .map(({ name, description }) => `${name} (${description})`)
          .join('; ')} (default: the first)`,
      )
      .meta({ value: 'name' }),
    lossArgs: z
      .record(z.string(), z.unknown())
      .optional()
      .describe("the loss's own settings, such as k=10,sigma=1")
      .meta({ value: 'settings', parse: parseSettings }),
  }),
  settings: z.object({
    activation: z
      .enum(['sigmoid', 'identity'])
      .optional()
      .describe("what makes a score of the model's output (default: as the model's files say, else sigmoid)")
      .meta({ value: 'how' }),
  }),
};
type Settings = z.infer<typeof options.training> & z.infer<typeof options.settings>;

async function readTraining(sources: TrainingSources) {
  const { train: source, eval: evaluationSource, streaming, onRead } = sources;
  const given = evaluationSource
    ? await readRankingExamples(evaluationSource, similarityFileOptions(sources.reading('validation')))
    : undefined;
  const reading = similarityFileOptions(sources.reading('train'));
  const { loss: name = usualLoss } = sources.options as Settings;
  const loss = rankingLossNamed(name);
  if (streaming) {
    const singleDocuments = !loss.isListwise;
    const train = await openRankingStream(source, { ...reading, heldOut: hashSplitOf(sources), singleDocuments });
    onRead();
    return { train, evaluation: train.evaluation ?? given, facts: null };
  }
  const examples = await readRankingExamples(source, reading);
  for (const { labels = [], line } of examples)
    for (const label of labels)
      checkGrade(loss, label, line === undefined ? source : `${source}, query of line ${line}`);
  onRead();
  // Rows of one query stay together: the evaluation is to ask nothing that was learned.
  const parts = splitSources(sources, examples, { group: ({ query }) => query }) ?? {
    train: examples,
    evaluation: given,
  };
  checkLabelsDiffer(parts.train, source);
  return { ...parts, facts: null };
}

function checkLabelsDiffer(examples: readonly RankingExample[], source: string): void {
  const labels = new Set(examples.flatMap(({ labels = [] }) => labels));
  const [label] = labels;
  if (labels.size === 1) throw sameLabels(label as number, source);
}

/** Examples that are held in memory, as a stream. */
function held(examples: readonly RankingExample[]): ExampleStream<RankingExample> {
  const mark = new Hash();
  for (const { query, documents, labels = [] } of examples) {
    for (const text of [query, ...documents]) mark.addText(text);
    for (const label of labels) mark.addText(String(label));
  }
  return {
    length: examples.length,
    fingerprint: mark.toString(),
    sizeOf: ({ documents }) => documents.reduce((sum, { length }) => sum + length, 0),
    async *examples() {
      yield examples;
    },
  };
}

/** Text ranking: documents by their relevance to a query, as sentence-transformers' cross-encoders are trained and used. */
export const textRanking = defineTask<RankingExample, readonly number[], null, TextRanking>({
  name: 'text-ranking',
  title: 'text ranking',
  head: 'SequenceClassification',
  unit: 'queries',
  usualLength,
  options,
  searchSpace: fineTuningSpace,
  commands: {
    inputs: z.object({}),
    texts: 'a query, and the documents that are ranked for it',
    tryIt: '"..." "..." "..."',
    examples: [
      'multihead train text-ranking --model models/mini --train PAIRS.csv --eval-split 0.1 --output runs/ranker',
      'multihead train text-ranking --model models/mini --train TRIPLETS.csv --loss lambda --output runs/ranker',
    ],
    fromArguments([query, ...documents]) {
      if (query !== undefined && documents.length > 0) return [{ query, documents }];
      throw new UserError('text ranking needs a query and documents: multihead predict ... "a query" "a document" ...');
    },
    line: ({ query, documents }, scores, { topK }) => ({
      query,
      documents: ranked(scores)
        .slice(0, topK)
        .map(({ corpusId, score }) => ({ corpusId, score, text: documents[corpusId] })),
    }),
    text: ({ documents }, scores, { topK }) =>
      ranked(scores)
        .slice(0, topK)
        .map(({ corpusId, score }) => `${score.toFixed(4)}\t${documents[corpusId]}`),
  },

  readTraining,
  openLabelled: async (source, reading) => held(await readRankingExamples(source, similarityFileOptions(reading))),
  open: async (source, reading) => held(await readUnranked(source, similarityFileOptions(reading))),
  startingConfig: () => ({ id2label: ['LABEL_0'], numLabels: 1, problemType: null }),
  async openFolder(folder) {
    const activation = await readActivation(folder);
    return activation
      ? { folder, maxLength: await readMaxLength(folder), options: { activation } }
      : { folder, options: {} };
  },
  create({ tokenizer, maxLength, options }) {
    return new TextRanking({ ...(options as Settings), tokenizer, maxLength });
  },
  outcomes: (_, predictions, examples, from) => rankingOutcomes(predictions, examples, from),
  pipeline: textRankingPipeline,
  service: rankingService,
  mistakes: () => ({ order: mistakeOrder }),
});
