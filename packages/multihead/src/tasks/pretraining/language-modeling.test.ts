import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crossEntropy } from '../../exports/nn.js';
import { type TensorValue, tensor } from '../../exports/tensor.js';
import { TrainingStep } from '../../exports/training.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForMaskedLM,
  CausalLanguageModeling,
  evaluateLanguageModel,
  GPT2LMHeadModel,
  MaskedLanguageModeling,
  type Tokenizer,
} from '../../index.js';
import { GPT2Config } from '../../models/gpt2/config.js';
import { Random } from '../../platform/random.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';
import { int64 } from '../collate.js';
import { guessingLoss } from './language-modeling.js';

let tokenizer: Tokenizer;
let bert: BertForMaskedLM;
let gpt: GPT2LMHeadModel;

beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  bert = BertForMaskedLM.fromConfig(BertConfig.fromJson(toyConfig, 'toy'));
  const settings = { model_type: 'gpt2', vocab_size: 19, n_embd: 16, n_layer: 1, n_head: 2, n_positions: 16 };
  gpt = GPT2LMHeadModel.fromConfig(GPT2Config.fromJson(settings, 'toy'));
});
afterAll(() => Promise.all([bert.dispose(), gpt.dispose()]));

const numbers = (value: TensorValue | undefined) => Array.from(value?.data ?? [], Number);
const blocks = Array.from({ length: 7 }, (_, i) => Array.from({ length: 3 + i }, (_, j) => 5 + ((3 * i + j) % 14)));

describe('masked language modelling', () => {
  test('a block stands between [CLS] and [SEP]', () => {
    const task = new MaskedLanguageModeling({ tokenizer });
    expect(task.feature(Int32Array.of(7, 8))).toEqual({
      length: 4,
      inputIds: [2, 7, 8, 3],
      tokenTypeIds: [0, 0, 0, 0],
    });
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

describe('an evaluation of a model that scores by its bias alone', () => {
  test('is what the labels and the bias make by hand, for any size of batch', async () => {
    const own = BertForMaskedLM.fromConfig(bert.config);
    own.weights.view('bert.embeddings.word_embeddings.weight').fill(0); // the decoder's matrix too
    const bias = own.weights.view('cls.predictions.bias');
    bias.set(bias.map((_, token) => (token === 9 ? 2 : token / 10)));
    const logSum = Math.log([...bias].reduce((sum, x) => sum + Math.exp(x), 0));
    const scores = [...bias];
    const task = new MaskedLanguageModeling({ tokenizer, mlmProbability: 0.5 });
    const features = blocks.map((block) => task.feature(block));
    for (const batchSize of [2, 7]) {
      const labels: number[] = [];
      const watched = Object.assign(Object.create(task) as MaskedLanguageModeling, {
        collate: (...given: Parameters<typeof task.collate>) => {
          const batch = task.collate(...given);
          labels.push(...numbers(batch.labels));
          return batch;
        },
      });
      const { metrics, report } = await evaluateLanguageModel(own, watched, features, { batchSize });
      const loss = labels.reduce((sum, label) => sum + logSum - (scores[label] as number), 0) / labels.length;
      expect(labels).toHaveLength(23); // half of 3, 4, ..., 9 tokens: 2 + 2 + 3 + 3 + 4 + 4 + 5
      expect(metrics.loss).toBeCloseTo(loss, 5);
      expect(metrics.accuracy).toBeCloseTo(labels.filter((label) => label === 9).length / labels.length, 12);
      expect(report).toContain(`guesses     ${labels.length}`);
    }
    await own.dispose();
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
    expect(() => new MaskedLanguageModeling({ tokenizer }).loss(gpt)).toThrow(
      'such as BertForMaskedLM, not GPT2LMHeadModel',
    );
  });
});

describe('the loss of guesses', () => {
  const compute = async (labels: number[], build = guessingLoss) => {
    const logits = tensor([0.3, -1.2, 2, 0.1, 0.4, -0.7]).reshape([2, 3]);
    const loss = build({ logits, labels: tensor(labels, { dtype: 'int64' }) });
    return numbers({ data: await loss.data() } as TensorValue)[0] as number;
  };

  test("is cross-entropy's, bit for bit, whether or not some places do not count", async () => {
    for (const labels of [
      [2, 0],
      [-100, 1],
    ]) {
      expect(await compute(labels)).toBe(await compute(labels, ({ logits, labels }) => crossEntropy(logits, labels)));
    }
  });

  test('is 0 where there is nothing to guess', async () => {
    expect(Math.abs(await compute([-100, -100]))).toBe(0);
    const task = new MaskedLanguageModeling({ tokenizer });
    const unknown = [task.feature([1, 1]), task.feature([1])]; // [UNK] is never hidden
    const batch = task.collate(unknown, new Random(1n));
    expect(batch.labels?.shape).toEqual([0]);
    const own = BertForMaskedLM.fromConfig(bert.config);
    const { engine } = await TrainingStep.create(own, () => task.loss(own));
    const { loss, gradients } = await engine.readGradients({ ...batch, dropout_seed: int64([1], []) });
    expect(Math.abs(loss)).toBe(0);
    for (const [name, gradient] of Object.entries(gradients)) expect(Math.hypot(...gradient), name).toBe(0);
    await own.dispose();
    const words = [task.feature([5, 6])];
    const alone = await evaluateLanguageModel(bert, task, words, { batchSize: 1 });
    const beside = await evaluateLanguageModel(bert, task, [...words, ...unknown], { batchSize: 1 });
    expect(beside.metrics).toEqual(alone.metrics);
  });
});
