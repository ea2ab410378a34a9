import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AutoTokenizer,
  BertForMaskedLM,
  CausalLanguageModeling,
  DistilledLanguageModeling,
  evaluateLanguageModel,
  GPT2LMHeadModel,
  MaskedLanguageModeling,
  modelInputs,
  parseConfig,
  type TensorValue,
  type Tokenizer,
} from '../index.js';
import { gpt2Config } from '../models/gpt2-config.js';
import { Random } from '../random.js';
import { toyConfig, toyFolder } from '../testing/toy.js';

let tokenizer: Tokenizer;
let bert: BertForMaskedLM;
let gpt: GPT2LMHeadModel;

beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  bert = BertForMaskedLM.fromConfig(parseConfig(toyConfig, 'toy'));
  const settings = { model_type: 'gpt2', vocab_size: 19, n_embd: 16, n_layer: 1, n_head: 2, n_positions: 16 };
  gpt = GPT2LMHeadModel.fromConfig(gpt2Config.parse(settings, 'toy'));
});
afterAll(() => Promise.all([bert.dispose(), gpt.dispose()]));

const numbers = (value: TensorValue | undefined) => Array.from(value?.data ?? [], Number);
const blocks = Array.from({ length: 7 }, (_, i) => Array.from({ length: 3 + i }, (_, j) => 5 + ((3 * i + j) % 14)));

describe('masked language modelling', () => {
  test('a block stands between [CLS] and [SEP]', () => {
    const task = new MaskedLanguageModeling({ tokenizer });
    expect(task.feature(Int32Array.of(7, 8))).toEqual({ inputIds: [2, 7, 8, 3], tokenTypeIds: [0, 0, 0, 0] });
  });

  test('positions point into the padded batch, to where the labels stood', () => {
    const task = new MaskedLanguageModeling({ tokenizer, mlmProbability: 0.4 });
    const features = blocks.map((block) => task.feature(block));
    const { input_ids, attention_mask, masked_positions, labels } = task.collate(features, new Random(3n));
    const width = input_ids?.shape[1] as number;
    expect(width).toBe(11);
    const original = (position: number) => features[Math.floor(position / width)]?.inputIds[position % width];
    expect(numbers(masked_positions).map(original)).toEqual(numbers(labels));
    expect(numbers(masked_positions).every((position) => numbers(attention_mask)[position] === 1)).toBe(true);
    expect(labels?.shape).toEqual([numbers(labels).length]);
    const again = task.collate(features, new Random(3n));
    expect(again).toEqual(task.collate(features, new Random(3n)));
    expect(numbers(again.masked_positions)).not.toEqual(
      numbers(task.collate(features, new Random(4n)).masked_positions),
    );
  });
});

describe('causal language modelling', () => {
  test('the model reads all but the last, and guesses all but the first; padding is at the end and does not count', () => {
    const task = new CausalLanguageModeling();
    const { input_ids, labels } = task.collate(
      [
        [5, 6, 7],
        [8, 9],
      ].map((block) => task.feature(block)),
    );
    expect(input_ids?.shape).toEqual([2, 2]);
    expect(numbers(input_ids)).toEqual([5, 6, 8, 0]);
    expect(numbers(labels)).toEqual([6, 7, 9, -100]);
  });

  test('an evaluation does not depend on how blocks are put into batches', async () => {
    const task = new CausalLanguageModeling();
    const features = blocks.map((block) => task.feature(block));
    const one = await evaluateLanguageModel(gpt, task, features, { batchSize: 1 });
    const all = await evaluateLanguageModel(gpt, task, features, { batchSize: 7 });
    expect(one.metrics.loss).toBeCloseTo(all.metrics.loss as number, 5);
    expect(one.metrics.accuracy).toBe(all.metrics.accuracy);
    expect(all.metrics.perplexity).toBeCloseTo(Math.exp(all.metrics.loss as number), 6);
    expect(all.metrics.loss).toBeCloseTo(Math.log(19), 0); // random weights guess nothing
    expect(all).toMatchObject({ mainMetric: 'loss', greaterIsBetter: false });
    expect(all.report).toContain(`guesses     ${blocks.reduce((sum, block) => sum + block.length - 1, 0)}`);
  });

  test('a model of the other kind is refused', () => {
    expect(() => new CausalLanguageModeling().loss(bert)).toThrow('trains causal language models, not BertForMaskedLM');
    expect(() => new MaskedLanguageModeling({ tokenizer }).loss(gpt)).toThrow('trains BertForMaskedLM');
  });
});

describe('distillation', () => {
  const hiddenSize = toyConfig.hidden_size;
  const unit = (place: number) => Float32Array.from({ length: hiddenSize }, (_, i) => (i === place ? 1 : 0));

  test('adds how far the mean hidden state points from the teacher, over the texts that have one', async () => {
    const task = new DistilledLanguageModeling({ tokenizer, hiddenSize, teacherWeight: 2 });
    const teachers = [unit(0), undefined, unit(5)];
    const features = blocks.slice(0, 3).map((block, i) => ({ ...task.feature(block), teacher: teachers[i] }));
    const batch = task.collate(features, new Random(1n));
    const guessing = new MaskedLanguageModeling({ tokenizer });
    const outputs = await bert.weights.run(
      'distillation',
      () => ({
        loss: task.loss(bert),
        guessing: guessing.loss(bert),
        hidden: bert.bert.forward(modelInputs()).lastHiddenState,
      }),
      batch,
    );
    const width = batch.input_ids?.shape[1] as number;
    const hidden = numbers(outputs.hidden);
    const distances = features.flatMap(({ inputIds, teacher }, row) => {
      if (!teacher) return [];
      const sum = Array.from({ length: hiddenSize }, (_, k) =>
        inputIds.reduce((total, _, place) => total + (hidden[(row * width + place) * hiddenSize + k] as number), 0),
      );
      return [1 - sum.reduce((dot, x, k) => dot + x * (teacher[k] as number), 0) / Math.hypot(...sum)];
    });
    const mean = distances.reduce((a, b) => a + b, 0) / distances.length;
    expect(distances).toHaveLength(2);
    expect(numbers(outputs.loss)[0]).toBeCloseTo((numbers(outputs.guessing)[0] as number) + 2 * mean, 5);
  });

  test('a vector of another size is refused', () => {
    const task = new DistilledLanguageModeling({ tokenizer, hiddenSize });
    const feature = { ...task.feature([5, 6]), teacher: new Float32Array(3) };
    expect(() => task.collate([feature], new Random(1n))).toThrow("a teacher's vector has 3 numbers");
  });
});
