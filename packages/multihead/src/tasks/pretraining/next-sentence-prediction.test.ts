/** @file Next-sentence prediction as a task; the model itself is compared with Hugging Face's in models/bert.test.ts. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TensorValue } from '../../exports/tensor.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForMaskedLM,
  BertForPreTraining,
  BertForSequenceClassification,
  evaluateLanguageModel,
  NextSentencePrediction,
  sentencePairSource,
  type Tokenizer,
  tokensInMemory,
} from '../../index.js';
import { Random } from '../../platform/random.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';

let tokenizer: Tokenizer;
let model: BertForPreTraining;

beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  model = BertForPreTraining.fromConfig(BertConfig.fromJson(toyConfig, 'toy'));
});
afterAll(() => model.dispose());

const numbers = (value: TensorValue | undefined) => Array.from(value?.data ?? [], Number);
const pair = (first: number[], second: number[], isNext: boolean) => ({
  first: Int32Array.from(first),
  second: Int32Array.from(second),
  isNext,
});
const pairs = Array.from({ length: 9 }, (_, i) =>
  pair(
    Array.from({ length: 1 + (i % 4) }, (_, j) => 5 + ((i + j) % 14)),
    Array.from({ length: 2 + (i % 3) }, (_, j) => 5 + ((3 * i + j) % 14)),
    i % 3 === 0,
  ),
);

describe('a pair', () => {
  test('is [CLS] first [SEP] second [SEP], with token types and the label 0 where the second text follows', () => {
    const task = new NextSentencePrediction({ tokenizer });
    expect(task.feature(pair([7, 8], [9], true))).toEqual({
      length: 6,
      inputIds: [2, 7, 8, 3, 9, 3],
      tokenTypeIds: [0, 0, 0, 0, 1, 1],
      nextSentenceLabel: 0,
    });
    expect(task.feature(pair([7], [9, 10], false))).toMatchObject({
      tokenTypeIds: [0, 0, 0, 1, 1, 1],
      nextSentenceLabel: 1,
    });
    expect(task.feature(pair([7, 8], [9], true)).inputIds).toHaveLength(3 + task.specialTokens);
  });

  test('in a batch has its label beside hidden tokens of both texts; special ones are never hidden', () => {
    const task = new NextSentencePrediction({ tokenizer, mlmProbability: 0.5 });
    const features = pairs.map((each) => task.feature(each));
    const batch = task.collate(features, new Random(1n));
    const width = batch.input_ids?.shape[1] as number;
    expect(numbers(batch.next_sentence_label)).toEqual(pairs.map(({ isNext }) => (isNext ? 0 : 1)));
    expect(batch.next_sentence_label?.shape).toEqual([9]);
    const types = numbers(batch.token_type_ids);
    expect(new Set(numbers(batch.masked_positions).map((position) => types[position]))).toEqual(new Set([0, 1]));
    const original = (position: number) => features[Math.floor(position / width)]?.inputIds[position % width];
    expect(numbers(batch.masked_positions).map(original)).toEqual(numbers(batch.labels));
    expect(numbers(batch.labels).every((label) => label > 4)).toBe(true);
  });
});

describe('an evaluation', () => {
  test('tells the losses of tokens and of pairs apart, whose sum is what is trained on', async () => {
    const task = new NextSentencePrediction({ tokenizer });
    const features = pairs.map((each) => task.feature(each));
    const { metrics, mainMetric, report } = await evaluateLanguageModel(model, task, features, { batchSize: 9 });
    expect(mainMetric).toBe('loss');
    expect(metrics.next_sentence_loss).toBeCloseTo(Math.log(2), 1); // random weights guess nothing
    expect(metrics.perplexity).toBeCloseTo(Math.exp(metrics.loss as number), 6);
    expect(report).toContain('next sentence: loss 0.');

    const batch = task.collate(features, new Random(5n));
    const outputs = await model.weights.run(
      'losses',
      () => {
        const { logits, nextSentence } = task.guesses(model);
        return { loss: task.loss(model), tokens: logits.logSoftmax(-1), pairs: nextSentence.logits.logSoftmax(-1) };
      },
      batch,
    );
    const meanOf = (scores: TensorValue | undefined, labels: TensorValue | undefined) => {
      const classes = scores?.shape[1] as number;
      const all = numbers(scores);
      const picked = numbers(labels).map((label, row) => -(all[row * classes + label] as number));
      return picked.reduce((a, b) => a + b, 0) / picked.length;
    };
    const sum = meanOf(outputs.tokens, batch.labels) + meanOf(outputs.pairs, batch.next_sentence_label);
    expect(numbers(outputs.loss)[0]).toBeCloseTo(sum, 5);
  });

  test('counts right guesses: a head whose bias says "follows" is right where it does', async () => {
    const task = new NextSentencePrediction({ tokenizer });
    const biased = BertForPreTraining.fromConfig(BertConfig.fromJson(toyConfig, 'toy'));
    biased.weights.view('cls.seq_relationship.bias').set([20, -20]);
    const features = pairs.map((each) => task.feature(each));
    for (const batchSize of [1, 4, 9]) {
      const { metrics } = await evaluateLanguageModel(biased, task, features, { batchSize });
      expect(metrics.next_sentence_accuracy).toBeCloseTo(3 / 9, 12);
      expect(metrics.next_sentence_loss).toBeCloseTo((40 * 6) / 9, 0);
    }
    await biased.dispose();
  });
});

describe('what was pretrained', () => {
  test('loads as a masked language model, and with its pooler as a classifier', async () => {
    const folder = join(toyFolder(), 'saved');
    await model.savePretrained(folder);
    const masked = await BertForMaskedLM.fromPretrained(folder);
    expect(masked.loadingReport?.newlyInitialized).toEqual([]);
    expect([...(masked.loadingReport?.unexpected ?? [])].sort()).toEqual([
      'bert.pooler.dense.bias',
      'bert.pooler.dense.weight',
      'cls.seq_relationship.bias',
      'cls.seq_relationship.weight',
    ]);
    const classifier = await BertForSequenceClassification.fromPretrained(folder);
    expect(classifier.loadingReport?.newlyInitialized).toEqual(['classifier.weight', 'classifier.bias']);
    const again = await BertForPreTraining.fromPretrained(folder);
    expect(again.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    expect((await again.weights.read()).data).toEqual((await model.weights.read()).data);
    const pooler = 'bert.pooler.dense.weight';
    expect(classifier.weights.view(pooler)).toEqual(
      (await BertForPreTraining.fromPretrained(folder)).weights.view(pooler),
    );
  });

  test('a model of another kind, and one without token types, are refused', () => {
    const task = new NextSentencePrediction({ tokenizer });
    const config = BertConfig.fromJson(toyConfig, 'toy');
    expect(() => task.loss(BertForMaskedLM.fromConfig(config))).toThrow(
      'such as BertForPreTraining, not BertForMaskedLM',
    );
    expect(() => task.loss(BertForPreTraining.fromConfig({ ...config, typeVocabSize: 1 }))).toThrow(
      'type_vocab_size 2',
    );
  });
});

describe('pairs of a corpus', () => {
  const documents = Array.from({ length: 12 }, (_, i) =>
    Array.from({ length: 2 + (i % 5) }, (_, j) => Array.from({ length: 2 + ((i + j) % 4) }, () => 5 + ((i + j) % 14))),
  );
  const task = () => new NextSentencePrediction({ tokenizer });

  test('are as many in each epoch, of the length that is told, and others each time', async () => {
    const source = sentencePairSource(tokensInMemory(documents), task(), { blockSize: 16 });
    const all = Array.from({ length: source.length }, (_, i) => i);
    const epochs: string[] = [];
    for (const epoch of [0, 1, 2, 1, 0]) {
      const features = await source.read(all, epoch);
      expect(features.map(({ inputIds }) => inputIds.length)).toEqual(all.map((i) => source.lengthOf(i, epoch)));
      expect(Math.max(...features.map(({ inputIds }) => inputIds.length))).toBeLessThanOrEqual(16);
      epochs.push(JSON.stringify(features));
    }
    expect(new Set(epochs).size).toBe(3);
    expect([epochs[3], epochs[4]]).toEqual([epochs[1], epochs[0]]);
    const other = sentencePairSource(tokensInMemory(documents), task(), { blockSize: 16, seed: 7 });
    expect(other.fingerprint()).not.toBe(source.fingerprint());
  });

  test('are refused where nothing could follow, and where there is no room', () => {
    const single = tokensInMemory([[[5, 6]], [[7]], [], [[8, 9]]]);
    expect(() => sentencePairSource(single, task(), { blockSize: 16 })).toThrow(
      'each of the 3 documents is a single sentence',
    );
    expect(() => sentencePairSource(tokensInMemory(documents), task(), { blockSize: 4 })).toThrow(
      'blockSize is 4; it leaves no room for text',
    );
    expect(() => sentencePairSource(tokensInMemory([[5], [6]]), task(), { blockSize: 16 })).toThrow(
      'tokenize it with the option sentences',
    );
  });
});
