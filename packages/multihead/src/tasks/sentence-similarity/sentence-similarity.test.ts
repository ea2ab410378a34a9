/** @file Sentence similarity as a user meets it: trained from a table, evaluated, predicted, used, with and without an adapter. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { vectorSimilarity } from '../../exports/metrics.js';
import { AutoTokenizer, pipeline, SentenceSimilarity, type SimilarityExample } from '../../index.js';
import { multihead } from '../../testing/multihead.js';
import { toyFolder } from '../../testing/toy.js';
import { sentenceSimilarity } from './definition.js';

const folder = toyFolder();
const output = join(folder, 'run');
const data = join(folder, 'scores.csv');
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

/** Pairs with a score: 5 where both are praise or both are not, else 0. */
const words = ['good', 'fine', 'great', 'bad', 'poor', 'awful'];
const rows = Array.from({ length: 144 }, (_, i) => {
  const [a, b] = [i % 6, Math.floor(i / 6) % 6];
  return `the film is ${words[a]},a book was ${words[b]},${a < 3 === b < 3 ? 5 : 0.5}`;
});

beforeAll(() => {
  writeFileSync(data, `sentence1,sentence2,score\n${rows.join('\n')}\n`);
  const { status, stderr } = multihead(
    ...[
      'train',
      'sentence-similarity',
      '--from-scratch',
      '--config',
      join(folder, 'config.json'),
      '--tokenizer',
      folder,
    ],
    ...['--train', data, '--eval', data, '--output', output, '--epochs', '6', '--learning-rate', '2e-3', '--normalize'],
    ...['--max-length', '16', '--query-prompt', 'the '],
  );
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: 'loss cosent: usual for such examples (--loss sets another)\n',
  });
});

describe('a model that was trained', () => {
  test('is a folder of sentence-transformers, with a report', () => {
    expect(read(join(output, 'modules.json'))).toMatchObject([
      { path: '', type: 'sentence_transformers.models.Transformer' },
      { path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
      { path: '2_Normalize', type: 'sentence_transformers.models.Normalize' },
    ]);
    expect(read(join(output, 'config.json'))).toMatchObject({ architectures: ['BertModel'] });
    expect(read(join(output, 'sentence_bert_config.json'))).toEqual({ max_seq_length: 16, do_lower_case: false });
    expect(read(join(output, 'report.json'))).toMatchObject({ task: 'sentence-similarity', examples: 144 });
    expect(existsSync(join(output, 'report.html'))).toBe(true);
  });

  test('has learned; an evaluation finds the metrics of the training', () => {
    const { stdout } = multihead('evaluate', 'sentence-similarity', '--model', output, '--data', data, '--json');
    const { seconds: _, ...metrics } = JSON.parse(stdout) as Record<string, number>;
    const { main_metric, ...ofTraining } = read(join(output, 'eval_results.json'));
    expect(main_metric).toBe('spearman_cosine');
    for (const [name, value] of Object.entries(metrics)) expect(value, name).toBeCloseTo(ofTraining[name] as number, 4);
    expect(metrics.spearman_cosine).toBeGreaterThan(0.8);
  });

  test('compares texts: on the command line, from a file, in a pipeline, and as vectors', async () => {
    const [a, b, c] = ['the film is good', 'a book was fine', 'a book was awful'] as const;
    const predict = ['predict', 'sentence-similarity', '--model', output];
    const line = JSON.parse(multihead(...predict, a, b, c, '--json').stdout) as { similarities: [number, number] };
    expect(line).toMatchObject({ texts: [a, b, c] });
    const [near, far] = line.similarities;
    expect(near).toBeGreaterThan(far);
    const similarity = await pipeline('sentence-similarity', output);
    const [one, both] = [
      await similarity({ sourceSentence: a, sentences: [b, c] }),
      await similarity([
        { sourceSentence: a, sentences: [c] },
        { sourceSentence: b, sentences: [] },
      ]),
    ];
    expect(one[0]).toBeCloseTo(near, 5);
    expect(both[0]?.[0]).toBeCloseTo(far, 5);
    expect(both[1]).toEqual([]);
    await expect(similarity({ sourceSentence: a } as never)).rejects.toThrow(
      'input 1 is {"sourceSentence":"the film is good"}; expected { sourceSentence: \'...\', sentences: [\'...\'] }',
    );
    await similarity.dispose();
    // The folder's prompt for queries stands before the first text alone.
    const embed = await pipeline('feature-extraction', output);
    const { data: vectors } = await embed([`the ${a}`, b]);
    const dot = vectors.subarray(0, 32).reduce((sum, value, i) => sum + value * (vectors[32 + i] as number), 0);
    expect(dot).toBeCloseTo(near, 5);
    await embed.dispose();
    const file = multihead(...predict, '--data', data)
      .stdout.trim()
      .split('\n');
    expect(file).toHaveLength(144);
  });

  test('compares by what its folder names, and keeps that: here the Manhattan distance, negative', async () => {
    const other = join(folder, 'manhattan');
    cpSync(output, other, { recursive: true });
    const settings = join(other, 'config_sentence_transformers.json');
    writeFileSync(settings, JSON.stringify({ ...read(settings), similarity_fn_name: 'manhattan' }));
    const [a, b] = ['the film is good', 'a book was awful'] as const;
    const embed = await pipeline('feature-extraction', other);
    const { data: vectors } = await embed([`the ${a}`, b]);
    expect(embed.similarity).toBe('manhattan');
    const distance = vectors.subarray(0, 32).reduce((sum, x, i) => sum + Math.abs(x - (vectors[32 + i] as number)), 0);
    const similarity = await pipeline('sentence-similarity', other);
    expect((await similarity({ sourceSentence: a, sentences: [b] }))[0]).toBeCloseTo(-distance, 4);
    await Promise.all([embed.dispose(), similarity.dispose()]);
    const printed = multihead('predict', 'sentence-similarity', '--model', other, a, b).stdout;
    expect(Number.parseFloat(printed)).toBeCloseTo(-distance, 3);

    const train = ['train', 'sentence-similarity', '--model', other, '--train', data, '--max-steps', '1'];
    const further = join(folder, 'further');
    expect(multihead(...train, '--output', further)).toMatchObject({ status: 0 });
    expect(read(join(further, 'config_sentence_transformers.json'))).toMatchObject({ similarity_fn_name: 'manhattan' });
    expect(multihead(...train, '--output', further, '--overwrite', '--similarity', 'dot')).toMatchObject({ status: 0 });
    expect(read(join(further, 'config_sentence_transformers.json'))).toMatchObject({ similarity_fn_name: 'dot' });
  });

  test('is trained further with its own settings: by an adapter, with other data', () => {
    const pairs = join(folder, 'pairs.jsonl');
    const examples = rows.map((row) => row.split(',')).filter(([, , score]) => score === '5');
    writeFileSync(pairs, examples.map(([query, answer]) => JSON.stringify({ query, answer })).join('\n'));
    const adapter = join(folder, 'adapter');
    const { status, stderr } = multihead(
      ...[
        'train',
        'sentence-similarity',
        '--model',
        output,
        '--train',
        pairs,
        '--eval-split',
        '0.3',
        '--method',
        'lora',
      ],
      ...['--output', adapter, '--epochs', '1', '--batch-size', '4', '--matryoshka', '32,16', '--mini-batch-size', '2'],
      ...['--loss-args', 'scale=10,symmetric=true', '--learning-rate', '1e-3'],
    );
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'loss multiple-negatives-ranking: usual for such examples (--loss sets another)\n',
    });
    expect(existsSync(join(adapter, 'adapter_model.safetensors'))).toBe(true);
    expect(read(join(adapter, 'config_sentence_transformers.json'))).toMatchObject({ prompts: { query: 'the ' } });
    expect(Object.keys(read(join(adapter, 'eval_results.json')))).toContain('cosine_accuracy@1');
    const { stdout } = multihead('evaluate', 'sentence-similarity', '--model', adapter, '--data', data, '--json');
    expect(Object.keys(JSON.parse(stdout) as object)).toContain('spearman_cosine');
  });

  test('by classes of pairs, as of entailment: the classifier is trained, kept in checkpoints, and not saved', () => {
    const classes = join(folder, 'nli.csv');
    const labelled = rows.map((row) => row.replace(/,5$/, ',entailment').replace(/,0.5$/, ',contradiction'));
    writeFileSync(classes, `premise,hypothesis,label\n${labelled.join('\n')}\n`);
    for (const method of ['full', 'lora']) {
      const nli = join(folder, `nli-${method}`);
      const train = (...more: string[]) =>
        multihead(
          ...['train', 'sentence-similarity', '--model', output, '--train', classes, '--eval', data, '--output', nli],
          ...['--method', method, '--learning-rate', '1e-3', '--save-total-limit', '1', ...more],
        );
      const first = train('--epochs', '1');
      expect(first).toMatchObject({
        status: 0,
        stderr: 'loss softmax: usual for such examples (--loss sets another)\n',
      });
      expect(train('--epochs', '2', '--resume').status).toBe(0);
      const file = readFileSync(join(nli, method === 'full' ? 'model.safetensors' : 'adapter_model.safetensors'));
      expect(file.includes('loss_head')).toBe(false);
      const checkpoint = readdirSync(nli).find((name) => name.startsWith('checkpoint-')) as string;
      const kept = readdirSync(join(nli, checkpoint)).map((name) => readFileSync(join(nli, checkpoint, name)));
      expect(kept.some((content) => content.includes('loss_head.weight'))).toBe(true);
      const { status } = multihead('evaluate', 'sentence-similarity', '--model', nli, '--data', data, '--json');
      expect(status).toBe(0);
    }
  });

  test('the classifier of a loss is evaluated by its accuracy while it is trained, names or numbers, and not afterwards', () => {
    const output = join(folder, 'nli-accuracy');
    for (const names of [
      ['entailment', 'contradiction'],
      ['2', '1'],
      ['1', '0'],
    ] as const) {
      const classes = join(folder, 'nli-accuracy.csv');
      const labelled = rows.map((row) => row.replace(/,5$/, `,${names[0]}`).replace(/,0.5$/, `,${names[1]}`));
      writeFileSync(classes, `premise,hypothesis,label\n${labelled.join('\n')}\n`);
      const given = [
        'sentence-similarity',
        '--train',
        classes,
        '--eval',
        classes,
        '--loss',
        'softmax',
        '--output',
        output,
      ];
      const { stderr } = multihead('train', ...given, '--model', output.replace('nli-accuracy', 'run'), '--overwrite',
        ...['--epochs', '3', '--learning-rate', '3e-3']); // biome-ignore format: short
      expect(stderr).toBe('');
      const results = read(join(output, 'eval_results.json'));
      // Labels 0 and 1 evaluate the vectors, which are saved.
      expect(results.main_metric).toBe(names[1] === '0' ? 'cosine_ap' : 'accuracy');
      if (names[1] === '0') continue;
      expect(results.accuracy).toBeGreaterThan(0.8);
      expect(read(join(output, 'report.json'))).toMatchObject({ metrics: { accuracy: results.accuracy } });
      const { stderr: refused } = multihead('evaluate', 'sentence-similarity', '--model', output, '--data', classes);
      if (names[0] === 'entailment') expect(refused).toContain('is not saved. Vectors are evaluated by scores');
    }
  });

  test('another model in its place takes its files away', () => {
    const other = join(folder, 'other');
    const train = (task: string, ...more: string[]) =>
      multihead(
        ...['train', task, '--model', output, '--output', other, '--epochs', '1', '--learning-rate', '1e-3', ...more],
      );
    expect(train('sentence-similarity', '--train', data).status).toBe(0);
    expect(existsSync(join(other, 'modules.json'))).toBe(true);
    const { status } = train('text-classification', '--train', join(folder, 'train.tsv'), '--overwrite');
    expect([status, existsSync(join(other, 'modules.json'))]).toEqual([0, false]);
  });
});

describe('prompts in saved folders', () => {
  const saved = join(folder, 'prompted');

  async function save(options: object) {
    const tokenizer = await AutoTokenizer.fromPretrained(folder);
    const files = new SentenceSimilarity({ tokenizer, hiddenSize: 2, ...options }).files();
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(saved, name)), { recursive: true });
      writeFileSync(join(saved, name), content);
    }
    return read(join(saved, 'config_sentence_transformers.json'));
  }

  test('one prompt for all texts is saved as that of queries and of documents, too, until another is given', async () => {
    expect(await save({ prompt: 'a: ' })).toMatchObject({
      prompts: { query: 'a: ', document: 'a: ' },
      default_prompt_name: 'query',
    });
    const { options } = (await sentenceSimilarity.openFolder?.(saved)) ?? {};
    expect(await save({ ...options, prompt: 'b: ' })).toMatchObject({ prompts: { query: 'b: ', document: 'b: ' } });
    expect(await save({ ...options, queryPrompt: 'q: ' })).toMatchObject({
      prompts: { query: 'q: ', document: 'a: ' },
    });
  });

  test.each([
    [{ prompt: 'passage: ', queryPrompt: '' }, 'document'],
    [{ prompt: 'query: ', documentPrompt: '' }, 'query'],
  ])('an empty prompt is kept beside a default one: %o', async (given, defaultName) => {
    expect(await save(given)).toMatchObject({ default_prompt_name: defaultName });
    const { options } = (await sentenceSimilarity.openFolder?.(saved)) ?? {};
    expect(options).toMatchObject(given);
  });
});

test('the differences of scores and cosines are of the range of all scores, not of those in a part', async () => {
  const file = join(folder, 'sorted.csv');
  writeFileSync(file, 'sentence1,sentence2,score\na,b,0.5\na,c,1\na,d,5\n');
  const all = await sentenceSimilarity.openLabelled(file, { split: 'test', options: {} });
  const examples: SimilarityExample[] = [];
  for await (const group of all.examples()) examples.push(...group);
  const prediction = { similarities: [vectorSimilarity([1, 0], [1, 0])], similarity: 'cosine' as const };
  const outcomes = examples.map(
    (example, i) => sentenceSimilarity.outcomes(undefined as never, [prediction], [example], i, all)[0],
  );
  expect(outcomes.map((outcome) => outcome?.badness)).toEqual([0.9, 0.8, 0]);
});

test('vectors that are all the same have no correlation, which is no number', async () => {
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const task = new SentenceSimilarity({ tokenizer, hiddenSize: 2 });
  const same = { similarities: [vectorSimilarity([1, 0], [1, 0])], similarity: 'cosine' as const };
  const examples = [1, 2, 3].map((label) => ({ texts: ['a', 'b'], label }));
  const { metrics, mainMetric } = task.metrics([same, same, same], examples);
  expect([mainMetric, metrics[mainMetric]]).toEqual(['spearman_cosine', Number.NaN]);
});

describe('refuses', () => {
  const train = (content: string, ...more: string[]) => {
    const file = join(folder, 'refused.csv');
    writeFileSync(file, content);
    writeFileSync(join(folder, 'same.csv'), 'sentence1,sentence2,score\na,b,3\nb,c,3\n');
    writeFileSync(join(folder, 'maybe.csv'), 'premise,hypothesis,label\na,b,maybe\nb,c,no\n');
    const output = join(folder, 'refused');
    return multihead(
      ...[
        'train',
        'sentence-similarity',
        '--from-scratch',
        '--config',
        join(folder, 'config.json'),
        '--tokenizer',
        folder,
      ],
      ...['--train', file, '--output', output, ...more],
    ).stderr;
  };
  const scores = 'sentence1,sentence2,score\na,b,1.5\nb,c,2\n';
  test.each<[string, string, readonly string[], string]>([
    [
      'a loss that needs other labels',
      scores,
      ['--loss', 'multiple-negatives-ranking'],
      'loss multiple-negatives-ranking: needs examples with no labels, and these have scores. To leave the labels out: ' +
        '--label none. Losses for them: cosent, angle, cosine-similarity',
    ],
    [
      'a loss that needs other texts',
      'anchor,positive\na,b\nb,c\n',
      ['--loss', 'triplet'],
      'loss triplet: needs examples of 3 texts, and these have 2',
    ],
    [
      'a class to evaluate on that is not trained',
      'premise,hypothesis,label\na,b,yes\nb,c,no\n',
      ['--eval', join(folder, 'maybe.csv')],
      'the evaluation examples have the label maybe, which the training examples have not; theirs are no, yes',
    ],
    [
      'names of classes to evaluate on, with a loss without a classifier',
      scores,
      ['--eval', join(folder, 'maybe.csv')],
      'the labels of the evaluation examples are names of classes. What tells classes is the classifier of the loss softmax',
    ],
    ['a similarity that does not exist', scores, ['--similarity', 'jaccard'], 'cosine, dot, euclidean, manhattan'],
    [
      'scores above the highest that is named',
      scores,
      ['--loss', 'cosine-similarity', '--max-score', '1'],
      '--max-score is 1, and the scores are from 1.5 to 2; it must be the score of texts that mean the same',
    ],
    [
      'scores that are all the same to evaluate on',
      scores,
      ['--eval', join(folder, 'same.csv')],
      'the evaluation examples all have the score 3; a correlation needs different scores',
    ],
    ['a loss that does not exist', scores, ['--loss', 'cosine'], '--loss is cosine; it must be one of'],
    [
      'a setting that the loss does not have',
      scores,
      ['--loss-args', 'temperature=2'],
      'there is no option "temperature"',
    ],
    [
      'a classifier that reads nothing',
      'premise,hypothesis,label\na,b,yes\nb,c,no\n',
      ['--loss-args', 'vectors=false,difference=false'],
      'loss softmax: vectors, difference and product are all false, so that the classifier has no input; set one of them',
    ],
    [
      'more dimensions than there are',
      scores,
      ['--matryoshka', '64'],
      "64 dimensions, but the model's vectors have 32",
    ],
  ])('%s', (_, content, more, message) => {
    expect(train(content, ...more)).toContain(message);
  });
});
