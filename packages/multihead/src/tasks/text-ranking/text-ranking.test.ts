/** @file Text ranking as a user meets it: trained from a table, evaluated, predicted, used; folders of sentence-transformers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AutoTokenizer, pipeline, type RankingExample, readRankingExamples, TextRanking } from '../../index.js';
import { multihead } from '../../testing/multihead.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { toyFolder } from '../../testing/toy.js';
import type { TrainingSources } from '../define-task.js';
import { readActivation } from './cross-encoder-files.js';
import { textRanking } from './definition.js';

const fixtures = fileURLToPath(new URL('../../../fixtures/ranking/', import.meta.url));
const { query, documents, scores, order } = JSON.parse(readFileSync(join(fixtures, 'scores.json'), 'utf8')) as {
  query: string;
  documents: string[];
  scores: number[];
  order: number[];
};
const folder = temporaryFolder();
const write = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
};

describe("a folder of sentence-transformers' CrossEncoder", () => {
  test('ranks as it does', async () => {
    const ranker = await pipeline('text-ranking', join(fixtures, 'model'));
    const found = await ranker.rank(query, documents);
    expect(found.map(({ corpusId }) => corpusId)).toEqual(order);
    for (const { corpusId, score } of found) expect(score).toBeCloseTo(scores[corpusId] as number, 5);
    expect(await ranker({ query, documents }, { topK: 2 })).toEqual(found.slice(0, 2));
    expect(
      await ranker([
        { query, documents },
        { query, documents: [] },
      ]),
    ).toEqual([found, []]);
    await expect(ranker({ query } as never)).rejects.toThrow(/input 1 is .*; expected \{ query/);
    await ranker.dispose();
  });

  test('reads as many tokens as it was trained for: those of the tokenizer, or of the file that is saved here', async () => {
    expect(await textRanking.openFolder?.(join(fixtures, 'model'))).toMatchObject({ maxLength: 20 });
    const tokenizer = await AutoTokenizer.fromPretrained(join(fixtures, 'model'));
    const saved = temporaryFolder();
    for (const [name, text] of Object.entries(new TextRanking({ tokenizer, maxLength: 9 }).files())) {
      writeFileSync(join(saved, name), text);
    }
    expect(await textRanking.openFolder?.(saved)).toMatchObject({ maxLength: 9, options: { activation: 'sigmoid' } });
  });

  test('with the activation that it names, before and since version 6', async () => {
    expect(await readActivation(join(fixtures, 'model'))).toBe('sigmoid');
    const config = { sentence_transformers: { activation_fn: 'torch.nn.modules.linear.Identity' } };
    write('config.json', [JSON.stringify(config)]);
    expect(await readActivation(folder)).toBe('identity');
    write('config_sentence_transformers.json', [JSON.stringify({ activation_fn: 'torch.nn.modules.activation.Tanh' })]);
    await expect(readActivation(folder)).rejects.toThrow(/Tanh; Multihead computes Sigmoid and Identity/);
  });
});

describe('examples', () => {
  test('rows of equal queries are one; labels may be grades', async () => {
    const path = write('rows.csv', ['query,document,label', 'q,a,2', 'other,b,0', 'q,c,0', 'other,d,1']);
    expect(await readRankingExamples(path)).toEqual([
      { query: 'q', documents: ['a', 'c'], labels: [2, 0], line: 2 },
      { query: 'other', documents: ['b', 'd'], labels: [0, 1], line: 3 },
    ]);
  });

  test('a positive and negatives', async () => {
    const path = write('triplets.csv', ['query,positive,negative_1,negative_2', 'q,a,b,c']);
    expect(await readRankingExamples(path)).toEqual([
      { query: 'q', documents: ['a', 'b', 'c'], labels: [1, 0, 0], line: 2 },
    ]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['nothing to rank against', ['query,positive', 'q,a', 'r,b'], /one document and no label.*mineHardNegatives/],
    ['names', ['query,document,label', 'q,a,good', 'q,b,bad'], /the labels are names; a ranking needs numbers/],
    ['labels below 0', ['query,document,label', 'q,a,-1', 'q,b,2'], /the least label is -1; expected numbers from 0/],
  ])('%s: a clear error', async (name, lines, message) => {
    await expect(readRankingExamples(write(`${name}.csv`, lines))).rejects.toThrow(message);
  });
});

test('examples that are set aside share no query with those of training', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => `query ${i % 10},positive ${i},negative ${i}`);
  const train = write('repeated.csv', ['query,positive,negative', ...rows]);
  const sources = {
    train,
    evalSplit: 0.3,
    seed: 1,
    options: {},
    reading: () => ({ options: {} }),
    onRead: () => undefined,
  };
  const parts = await textRanking.readTraining(sources as unknown as TrainingSources);
  const [trained, evaluated] = [parts.train, parts.evaluation].map(
    (each) => new Set((each as RankingExample[]).map(({ query }) => query)),
  ) as [Set<string>, Set<string>];
  expect(evaluated.size).toBe(3);
  expect([...evaluated].filter((query) => trained.has(query))).toEqual([]);
});

describe('outcomes', () => {
  const outcomeOf = (labels: readonly number[], scores: readonly number[]) =>
    textRanking.outcomes(
      undefined as never,
      [scores],
      [{ query: 'q', documents: ['a', 'b'], labels }],
      0,
      {} as never,
    )[0];

  test('of equal scores the last document comes first, as in the metrics', () => {
    expect(outcomeOf([1, 0], [0.5, 0.5])).toMatchObject({
      reference: 'a',
      prediction: 'b',
      isMistake: true,
      scores: { reciprocal_rank: 0.5 },
    });
    expect(outcomeOf([0, 1], [0.5, 0.5])).toMatchObject({ reference: 'b', prediction: 'b', isMistake: false });
    expect(outcomeOf([1, 0], [0.7, 0.5])).toMatchObject({ reference: 'a', prediction: 'a', isMistake: false });
  });
});

test('an activation that does not exist: a clear error', async () => {
  const tokenizer = await AutoTokenizer.fromPretrained(join(fixtures, 'model'));
  expect(() => new TextRanking({ tokenizer, activation: 'tanh' as 'sigmoid' })).toThrow(
    'activation is "tanh"; it must be one of sigmoid, identity',
  );
});

describe('on the command line', () => {
  const toy = toyFolder();
  const words = ['good', 'fine', 'great', 'bad', 'poor', 'awful'];
  /** What is praise is relevant. */
  const rows = words.flatMap((a) => words.map((b, j) => `the film is ${a},a book was ${b},${j < 3 ? 1 : 0}`));
  const data = write('train.csv', ['query,document,label', ...rows, ...rows]);
  const output = join(folder, 'run');
  const common = ['--from-scratch', '--config', join(toy, 'config.json'), '--tokenizer', toy, '--max-length', '24'];

  test('train, evaluate, predict, and a folder that ranks', async () => {
    const trained = multihead('train', 'text-ranking', ...common, '--train', data, '--eval', data, '--output', output,
      ...['--epochs', '20', '--batch-size', '2', '--learning-rate', '3e-3', '--loss', 'lambda', '--loss-args', 'k=10']); // biome-ignore format: short
    expect(trained).toMatchObject({ status: 0, stderr: '' });
    const report = join(folder, 'report');
    expect(multihead('evaluate', 'text-ranking', '--model', output, '--data', data, '--report', report).status).toBe(0);
    const { metrics } = JSON.parse(readFileSync(join(report, 'report.json'), 'utf8')) as {
      metrics: Record<string, number>;
    };
    expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['map', 'mrr@10', 'ndcg@10']));
    expect(metrics['mrr@10']).toBeGreaterThan(0.9);
    const given = ['the film is great', 'a book was poor', 'a book was fine'];
    const { stdout } = multihead('predict', 'text-ranking', '--model', output, ...given);
    expect(stdout.split('\n')[0]).toMatch(/^0\.\d{4}\ta book was fine$/);
    const ranker = await pipeline('text-ranking', output);
    expect((await ranker.rank(given[0] as string, given.slice(1)))[0]?.corpusId).toBe(1);
    await ranker.dispose();
    expect(JSON.parse(readFileSync(join(output, 'config_sentence_transformers.json'), 'utf8'))).toMatchObject({
      model_type: 'CrossEncoder',
    });
  });

  test('labels that are all the same are refused', () => {
    const irrelevant = write('zeros.csv', ['query,document,label', 'a,b,0', 'a,c,0']);
    const { status, stderr } = multihead(
      'train',
      'text-ranking',
      ...common,
      '--train',
      irrelevant,
      '--output',
      join(folder, 'none'),
    );
    expect(status).toBe(1);
    expect(stderr).toContain(`${irrelevant}: every label is 0: a ranking is learned from documents`);
  });

  test('trained from a stream: documents by themselves, and triplets', () => {
    const triplets = words
      .slice(0, 3)
      .flatMap((a) => words.slice(3).map((b) => `the film is ${a},a book was ${a},a book was ${b}`));
    const lists = write('lists.csv', ['query,positive,negative', ...triplets, ...triplets]);
    const train = (file: string, ...more: string[]) => {
      const output = join(folder, 'streamed');
      const given = ['text-ranking', ...common, '--train', file, '--output', output, '--overwrite'];
      const { stderr } = multihead(
        'train',
        ...given,
        '--epochs',
        '12',
        '--batch-size',
        '4',
        '--learning-rate',
        '3e-3',
        ...more,
      );
      expect(stderr).toBe('');
      return JSON.parse(readFileSync(join(output, 'eval_results.json'), 'utf8')) as Record<string, number>;
    };
    expect(train(data, '--streaming', '--eval', data)['mrr@10']).toBeGreaterThan(0.9);
    expect(train(lists, '--streaming', '--eval', data, '--loss', 'lambda')['mrr@10']).toBeGreaterThan(0.9);
    const split = train(data, '--streaming', '--eval-split', '0.3');
    expect(Object.keys(split)).toContain('ndcg@10');
  });

  test.each<[string, readonly string[], RegExp]>([
    ['an unknown loss', ['--loss', 'lamda'], /--loss is lamda; it must be one of .*Did you mean lambda\?/],
    [
      'rows of documents in a stream, for a loss of lists',
      ['--streaming', '--loss', 'lambda'],
      /train\.csv: the documents of a query may stand in rows anywhere.*a loss of single documents, or leave --streaming out/,
    ],
    [
      'grades for a loss of 0 and 1',
      ['--train', write('grades.csv', ['query,document,label', 'q,a,3', 'q,b,0'])],
      /grades\.csv, query of line 2: the label is 3, and the loss binary-cross-entropy takes labels up to 1; losses that take 3: cross-entropy, list-net, lambda/,
    ],
    [
      'grades whose gains float32 does not hold',
      ['--loss', 'lambda', '--train', write('relevance.csv', ['query,document,label', 'q,a,1000', 'q,b,0'])],
      /relevance\.csv, query of line 2: the label is 1000, and the loss lambda takes labels up to 100; losses that take 1000: cross-entropy, list-net/,
    ],
    [
      'labels that are all the same in a stream',
      ['--streaming', '--train', write('same.csv', ['query,document,label', 'q,a,1', 'q,b,1'])],
      /same\.csv: every label is 1: a ranking is learned from/,
    ],
  ])('%s: a clear error', (_, args, message) => {
    const { stderr, status } = multihead(
      'train',
      'text-ranking',
      ...common,
      '--train',
      data,
      '--output',
      join(folder, 'no'),
      ...args,
    );
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(message) });
  });
});
