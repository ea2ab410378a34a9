/** @file A batch that goes through the model in parts has the gradients that it has as a whole. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { TensorValue, Values } from '../../engine/engine.js';
import { TrainingStep } from '../../exports/training.js';
import {
  AutoModel,
  AutoTokenizer,
  type CachedLoss,
  SentenceSimilarity,
  type SentenceSimilarityOptions,
  type SimilarityExample,
  similarityForm,
} from '../../index.js';
import { largestDifference } from '../../testing/reference.js';
import { cacheGraphs } from './gradient-cache.js';

const folder = fileURLToPath(new URL('../../../fixtures/sentence/model', import.meta.url));
const words = 'film book city river great small bad good very paris'.split(' ');
const textOf = (i: number) => `the ${words[i % 10]} ${words[(3 * i) % 10]} is ${'very '.repeat(i % 4)}good`;
const examples = Array.from(
  { length: 7 },
  (_, i): SimilarityExample => ({
    texts: [textOf(i), textOf(i + 7), textOf(2 * i + 20)],
  }),
);

async function prepared(options: Partial<SentenceSimilarityOptions>, dropout: number) {
  const config = { hiddenDropoutProb: dropout, attentionProbsDropoutProb: dropout };
  const model = await AutoModel.fromPretrained(folder, { config });
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const task = new SentenceSimilarity({ tokenizer, hiddenSize: 16, maxLength: 12, ...options });
  const batch = task.collate((await task.encode(examples)).flat());
  return { model, task, batch };
}

/** The loss of one step of plain gradient descent, and the weights after it: their differences are the gradients. */
async function afterStep(options: Partial<SentenceSimilarityOptions>, batches = 1) {
  const { model, task, batch } = await prepared(options, 0);
  const training = await TrainingStep.create(model, task.cached ?? (() => task.loss(model)), { optim: 'sgd' });
  const settings = { learningRate: 1, weightDecay: 0, maxGradNorm: 0 };
  const result = await training.step(new Array<Values>(batches).fill(batch), settings, 0);
  const { data } = await model.weights.read();
  await model.dispose();
  return { ...result, data: Float32Array.from(data) };
}

describe('loss, norm and gradients are those of the whole batch', () => {
  test.each<[string, Partial<SentenceSimilarityOptions>]>([
    ['hard negatives', { form: similarityForm(examples) }],
    [
      'symmetric, in Matryoshka dimensions',
      { form: similarityForm(examples), lossArgs: { symmetric: true }, matryoshka: { dimensions: [16, 8] } },
    ],
    ['triplets', { form: similarityForm(examples), loss: 'triplet', normalize: true, pooling: 'cls' }],
  ])('%s', async (_, options) => {
    const whole = await afterStep(options);
    for (const miniBatchSize of [1, 3, 7, 50]) {
      const parts = await afterStep({ ...options, miniBatchSize });
      expect(parts.loss).toBeCloseTo(whole.loss, 5);
      expect(parts.gradientNorm / whole.gradientNorm).toBeCloseTo(1, 5);
      expect(largestDifference(parts.data, whole.data)).toBeLessThan(2e-6 * Math.max(1, whole.gradientNorm));
    }
    const several = await afterStep({ ...options, miniBatchSize: 3 }, 2);
    expect(several.loss).toBeCloseTo(whole.loss, 5);
    expect(largestDifference(several.data, whole.data)).toBeLessThan(2e-6 * Math.max(1, whole.gradientNorm));
  });
});

test('dropout is the same in both passes, and another in each part', async () => {
  const { model, task, batch } = await prepared({ form: similarityForm(examples), miniBatchSize: 7 }, 0.4);
  const cached = task.cached as CachedLoss;
  const training = await TrainingStep.create(model, cached);
  const [part] = cached.cut(batch) as [Values];
  const seed = (value: bigint): TensorValue => ({ dtype: 'int64', shape: [], data: BigInt64Array.of(value) });
  const vectorsOf = async (value: bigint) => {
    const { vectors } = await training.engine.run(cacheGraphs.vectors, { ...part, dropout_seed: seed(value) });
    return vectors as TensorValue & { data: Float32Array };
  };
  const [first, other] = [await vectorsOf(1n), await vectorsOf(2n)];
  expect(largestDifference(first.data, other.data)).toBeGreaterThan(0.01);
  const factors = Float32Array.from(first.data, (_, i) => ((i * 7) % 11) - 5);
  const given = { ...part, dropout_seed: seed(1n), vector_gradients: { ...first, data: factors } };
  const { loss } = await training.engine.readGradients(given);
  const expected = first.data.reduce((sum, value, i) => sum + value * (factors[i] as number), 0);
  expect(Math.abs(loss - expected)).toBeLessThan(1e-3);
  await model.dispose();
});
