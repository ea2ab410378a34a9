/** @file Losses, gradients and 20 steps of training against sentence-transformers (bench/peers/similarity_fixtures.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gradient, type Tensor, tensor } from '../../../exports/tensor.js';
import { TrainingStep } from '../../../exports/training.js';
import {
  AutoModel,
  AutoTokenizer,
  lossOf,
  registerSimilarityLoss,
  SentenceSimilarity,
  type SimilarityExample,
  similarityForm,
  similarityLosses,
  similarityLossNamed,
} from '../../../index.js';
import { largest, largestDifference } from '../../../testing/reference.js';
import { setLossHead } from '../../../training/step/loss-head.js';
import { embedTexts } from '../embed-texts.js';

interface Setup {
  name: string;
  options: Record<string, unknown>;
  matryoshka: number[] | null;
  /** The layer of a loss that has one. */
  head?: { weight: number[][]; bias: number[] };
}

interface Case extends Setup {
  /** [texts, batch, size] */
  vectors: number[][][];
  labels: number[] | null;
  loss: number;
  gradients: number[][][];
}

interface Run extends Setup {
  /** [texts, examples] */
  texts: string[][];
  labels: number[] | null;
  losses: number[];
  vectors: number[][];
}

const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/${name}`, import.meta.url));
const casesOf = <Each>(name: string) =>
  (JSON.parse(readFileSync(fixture(`similarity/${name}.json`), 'utf8')) as { cases: Each[] }).cases;
const choice = ({ name, options, matryoshka }: Setup) => ({
  loss: name,
  lossArgs: options,
  ...(matryoshka && { matryoshka: { dimensions: matryoshka } }),
});

const headOf = ({ head }: Setup) => {
  if (!head) return undefined;
  const [weight, bias] = [tensor(head.weight), tensor(head.bias)];
  return { forward: (x: Tensor) => x.linear(weight, bias) };
};

describe('losses and gradients are those of sentence-transformers', () => {
  const cases = casesOf<Case>('losses').map((each, i) => [i, each.name, each] as const);
  test.each(cases)('case %i: %s', async (_, __, expected) => {
    const vectors = expected.vectors.map((rows) => tensor(rows));
    const batch = expected.vectors[0]?.length as number;
    const labels = expected.labels ? tensor(expected.labels) : undefined;
    const examples = Array.from({ length: batch }, (_, i): SimilarityExample => {
      const texts = expected.vectors.map((_, k) => `${k}`);
      return expected.labels ? { texts, label: expected.labels[i] as number } : { texts };
    });
    const parts = { vectors, labels, head: headOf(expected), count: tensor(batch) };
    const loss = lossOf(choice(expected), similarityForm(examples)).build(parts);
    expect(Math.abs((await loss.item()) - expected.loss)).toBeLessThan(2e-6 * Math.max(1, Math.abs(expected.loss)));
    const found = gradient(loss, vectors);
    for (const [k, reference] of expected.gradients.entries()) {
      const own = (await (found[k] as Tensor).data()) as Float32Array;
      const scale = largest(expected.gradients.flat(2));
      expect(largestDifference(own, reference.flat()) / scale).toBeLessThan(1e-5);
    }
  });

  test('each loss is among the cases', () => {
    expect(new Set(cases.map(([, name]) => name))).toEqual(new Set(similarityLosses().map(({ name }) => name)));
  });
});

test('equal vectors and zeros have finite gradients', async () => {
  const vectors = [0, 1, 2].map(() => tensor([[0, 0], [1, 2], [1, 2]])); // biome-ignore format: short
  for (const { name, data } of similarityLosses()) {
    const own = vectors.slice(0, data.texts.least);
    const labels = data.labels.includes('none') ? undefined : tensor([0, 1, 1]);
    const kind = labels ? ('binary' as const) : ('none' as const);
    const form = { texts: own.length, labels: kind, classes: labels ? ['0', '1'] : [] };
    const head = { forward: (x: Tensor) => x.slice(1, 0, 2) };
    const loss = lossOf({ loss: name }, form).build({ vectors: own, labels, head, count: tensor(3) });
    for (const each of gradient(loss, own)) {
      expect(Array.from((await each.data()) as Float32Array).every(Number.isFinite), name).toBe(true);
    }
  }
});

describe('20 steps of training are those of sentence-transformers', () => {
  const runs = casesOf<Run>('training').map((each, i) => [i, each.name, each] as const);
  test.each(runs)('run %i: %s', async (_, __, expected) => {
    const folder = fixture('sentence/model');
    const config = { hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 };
    const model = await AutoModel.fromPretrained(folder, { config });
    const tokenizer = await AutoTokenizer.fromPretrained(folder);
    const examples = (expected.texts[0] as string[]).map((_, i): SimilarityExample => {
      const texts = expected.texts.map((column) => column[i] as string);
      return expected.labels ? { texts, label: expected.labels[i] as number } : { texts };
    });
    const task = new SentenceSimilarity({
      tokenizer,
      hiddenSize: 16,
      maxLength: 12,
      pooling: 'mean',
      normalize: true,
      doLowerCase: true,
      form: similarityForm(examples),
      ...choice(expected),
    });
    const features = (await task.encode(examples)).flat();
    await setLossHead(model, task, 1);
    for (const [name, values] of Object.entries(expected.head ?? {})) {
      model.weights.view(`loss_head.${name}`).set((values as number[][]).flat());
    }
    const training = await TrainingStep.create(model, () => task.loss(model));
    for (const [step, loss] of expected.losses.entries()) {
      const batch = Array.from({ length: 6 }, (_, i) => features[(6 * step + i) % 24] as (typeof features)[number]);
      const settings = { learningRate: 1e-3, weightDecay: 0, maxGradNorm: 0 };
      const result = await training.step([task.collate(batch)], settings, step);
      expect(Math.abs(result.loss - loss) / Math.max(1e-2, Math.abs(loss)), `step ${step}`).toBeLessThan(1e-4);
    }
    const texts = (expected.texts[0] as string[]).slice(0, 4).map((text) => ({ text, place: 0 }));
    const vectors = await embedTexts(model, task, texts);
    for (const [i, vector] of vectors.entries()) {
      expect(largestDifference(vector, expected.vectors[i] as number[])).toBeLessThan(1e-4);
    }
    await model.dispose();
  });
});

describe('labels of which nothing is learned are refused', () => {
  const pairs = { texts: 2, labels: 'scores', classes: ['2'], range: [2, 2] } as const;
  test.each(['cosent', 'angle'])('equal scores, by %s', (loss) => {
    expect(() => lossOf({ loss }, pairs)).toThrow(`loss ${loss}: every pair has the score 2, and only the order`);
  });

  test('fractions as classes', () => {
    const form = { ...pairs, classes: ['1', '2.5'], range: [1, 2.5] } as const;
    expect(() => lossOf({ loss: 'softmax' }, form)).toThrow('needs classes as labels (names or whole numbers)');
    expect(lossOf({ loss: 'softmax' }, { ...form, classes: ['1', '2'] }).name).toBe('softmax');
  });
});

describe('the registry', () => {
  test('finds a loss by its name, and takes one of a program', () => {
    expect(() => similarityLossNamed('cosnt')).toThrow('Did you mean cosent?');
    const own = { ...similarityLossNamed('cosent'), name: 'own' };
    registerSimilarityLoss(own);
    expect(() => registerSimilarityLoss(own)).toThrow('there is a loss "own" already');
    expect(lossOf({ loss: 'own' }, { texts: 2, labels: 'scores', classes: [] }).name).toBe('own');
  });
});
