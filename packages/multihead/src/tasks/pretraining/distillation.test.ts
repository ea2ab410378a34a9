/** @file Distillation: the loss by its formula in plain numbers, and where its gradient goes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { modelInputs } from '../../exports/models.js';
import type { TensorValue } from '../../exports/tensor.js';
import { TrainingStep } from '../../exports/training.js';
import {
  AutoTokenizer,
  BertConfig,
  BertForMaskedLM,
  BertForPreTraining,
  DistilledLanguageModeling,
  evaluateLanguageModel,
  MaskedLanguageModeling,
  type Tokenizer,
} from '../../index.js';
import { Random } from '../../platform/random.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';
import { guessingLoss } from './language-modeling.js';

let tokenizer: Tokenizer;
let model: BertForPreTraining;

beforeAll(async () => {
  tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
  model = BertForPreTraining.fromConfig(BertConfig.fromJson(toyConfig, 'toy'));
});
afterAll(() => model.dispose());

const hiddenSize = toyConfig.hidden_size;
const numbers = (value: TensorValue | undefined) => Array.from(value?.data ?? [], Number);
const blocks = Array.from({ length: 3 }, (_, i) => Array.from({ length: 3 + i }, (_, j) => 5 + ((3 * i + j) % 14)));
/** Hidden states as a teacher might have them, [tokens, hiddenSize]. */
const statesOf = (tokens: number, seed: number) =>
  Float32Array.from({ length: tokens * hiddenSize }, (_, i) => Math.sin(seed + 1.7 * i));
/** The blocks as features; the one in the middle is not taught. */
const taughtBlocks = (task: DistilledLanguageModeling) =>
  blocks.map((block, i) => {
    const feature = task.feature(block);
    return { ...feature, teacher: i === 1 ? undefined : statesOf(feature.inputIds.length, i) };
  });

describe('distillation', () => {
  test('adds how far hidden states and pooled vectors are from the teacher, over the tokens and texts that have one', async () => {
    const task = new DistilledLanguageModeling({ tokenizer, hiddenSize, teacherWeight: 2 });
    const features = taughtBlocks(task);
    const batch = task.collate(features, new Random(1n));
    const outputs = await model.weights.run(
      'distillation',
      () => {
        const { lastHiddenState, scores } = model.bert.forward(modelInputs());
        const pooled = scores.pooler_output as typeof lastHiddenState;
        return { loss: task.loss(model), guessing: guessingLoss(task.guesses(model)), lastHiddenState, pooled };
      },
      batch,
    );
    const width = batch.input_ids?.shape[1] as number;
    const [hidden, pooled] = [numbers(outputs.lastHiddenState), numbers(outputs.pooled)];
    let [error, size] = [0, 0];
    const distances: number[] = [];
    for (const [row, { inputIds, teacher }] of features.entries()) {
      if (!teacher) continue;
      const mean = new Array<number>(hiddenSize).fill(0);
      for (const [i, x] of teacher.entries()) {
        error += ((hidden[row * width * hiddenSize + i] as number) - x) ** 2;
        size += x * x;
        mean[i % hiddenSize] = (mean[i % hiddenSize] as number) + x / inputIds.length;
      }
      const own = pooled.slice(row * hiddenSize, (row + 1) * hiddenSize);
      const dot = own.reduce((sum, x, k) => sum + x * (mean[k] as number), 0);
      distances.push(1 - dot / Math.hypot(...own) / Math.hypot(...mean));
    }
    expect(distances).toHaveLength(2);
    const taught = error / size + ((distances[0] as number) + (distances[1] as number)) / 2;
    expect(numbers(outputs.loss)[0]).toBeCloseTo((numbers(outputs.guessing)[0] as number) + 2 * taught, 4);
  });

  test('without a taught text it is masked language modelling', async () => {
    const task = new DistilledLanguageModeling({ tokenizer, hiddenSize });
    const features = blocks.map((block) => task.feature(block));
    const batch = task.collate(features, new Random(1n));
    const build = () => ({ loss: task.loss(model), guessing: guessingLoss(task.guesses(model)) });
    const { loss, guessing } = await model.weights.run('untaught', build, batch);
    expect(numbers(loss)[0]).toBeCloseTo(numbers(guessing)[0] as number, 6);
    const plain = new MaskedLanguageModeling({ tokenizer }).collate(features, new Random(1n));
    expect(batch).toMatchObject(plain);
    expect((await evaluateLanguageModel(model, task, features)).metrics.loss).toBeGreaterThan(0);
  });

  test('its gradient goes through encoder and pooler, in proportion to its weight, and not into the decoder', async () => {
    const config = { ...model.config, hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 };
    const own = BertForPreTraining.fromConfig(config);
    const gradients = async (teacherWeight: number) => {
      const task = new DistilledLanguageModeling({ tokenizer, hiddenSize, teacherWeight });
      const { engine } = await TrainingStep.create(own, () => task.loss(own));
      const result = await engine.readGradients(task.collate(taughtBlocks(task), new Random(1n)));
      return { ...result, of: (parameter: string) => Array.from(result.gradients[parameter] ?? [], Number) };
    };
    const [none, one, three] = [await gradients(0), await gradients(1), await gradients(3)];
    const change = (other: typeof none, parameter: string) =>
      other.of(parameter).map((x, i) => x - (none.of(parameter)[i] as number));
    for (const name of ['bert.encoder.layer.1.output.LayerNorm.bias', 'bert.pooler.dense.bias']) {
      expect(Math.hypot(...change(one, name)), name).toBeGreaterThan(1e-2);
      expect(change(three, name)).toEqual(change(one, name).map((x) => expect.closeTo(3 * x, 5)));
    }
    expect(three.loss - none.loss).toBeCloseTo(3 * (one.loss - none.loss), 4);
    expect(Math.hypot(...change(one, 'bert.embeddings.LayerNorm.weight'))).toBeGreaterThan(1e-4);
    for (const parameter of ['cls.predictions.bias', 'cls.predictions.transform.dense.weight']) {
      expect(Math.hypot(...change(one, parameter)), parameter).toBeLessThan(1e-6);
    }
    await own.dispose();
  });

  test('states of another size, and a model without pooler, are refused', () => {
    const task = new DistilledLanguageModeling({ tokenizer, hiddenSize });
    const feature = { ...task.feature([5, 6]), teacher: new Float32Array(3) };
    expect(() => task.collate([feature], new Random(1n))).toThrow("a teacher's hidden states are 3 numbers; 4 tokens");
    const headless = BertForMaskedLM.fromConfig(model.config);
    expect(() => task.loss(headless)).toThrow('such as BertForPreTraining, not BertForMaskedLM');
  });
});
