/** @file Losses, gradients and 20 steps of training against sentence-transformers (bench/peers/ranking_fixtures.py). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gradient, type Tensor, tensor } from '../../../exports/tensor.js';
import { TrainingStep } from '../../../exports/training.js';
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
  predictExamples,
  type RankingExample,
  rankingLosses,
  rankingLossNamed,
  registerRankingLoss,
  TextRanking,
} from '../../../index.js';
import { parseOptions } from '../../../platform/option-schemas.js';
import { largest, largestDifference } from '../../../testing/reference.js';

interface Setup {
  name: string;
  options: Record<string, unknown>;
}

interface Case extends Setup {
  /** Documents of each query. */
  lengths: number[];
  /** Of all documents, one behind the other. */
  scores: number[];
  labels: number[];
  loss: number;
  gradients: number[];
}

interface Run extends Setup {
  queries: string[];
  documents: string[][];
  labels: number[][];
  losses: number[];
  logits: number[];
}

const fixture = (name: string) => fileURLToPath(new URL(`../../../../fixtures/ranking/${name}`, import.meta.url));
const casesOf = <Each>(name: string) =>
  (JSON.parse(readFileSync(fixture(`${name}.json`), 'utf8')) as { cases: Each[] }).cases;

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** The place of each document in [queries, documents]. */
function placesOf(lengths: readonly number[]): { width: number; places: number[] } {
  const width = Math.max(...lengths);
  const places = lengths.flatMap((length, row) => Array.from({ length }, (_, column) => row * width + column));
  return { width, places };
}

function padded(values: readonly number[], lengths: readonly number[]): Tensor {
  const { width, places } = placesOf(lengths);
  const data = new Float32Array(lengths.length * width);
  for (const [i, place] of places.entries()) data[place] = values[i] as number;
  return tensor(data, { shape: [lengths.length, width] });
}

describe('losses and gradients are those of sentence-transformers', () => {
  const cases = casesOf<Case>('losses').map((each, i) => [i, each.name, each] as const);
  test.each(cases)('case %i: %s', async (_, name, { options, lengths, scores, labels, loss, gradients }) => {
    const row = rankingLossNamed(name);
    const given = padded(scores, lengths);
    const mask = padded(
      scores.map(() => 1),
      lengths,
    );
    const parsed = parseOptions(row.options, options, { of: name });
    const value = row.build({ scores: given, labels: padded(labels, lengths), mask, options: parsed });
    expect(Math.abs((await value.item()) - loss)).toBeLessThan(2e-6 * Math.max(1, Math.abs(loss)));
    const found = (await (gradient(value, [given])[0] as Tensor).data()) as Float32Array;
    const { places } = placesOf(lengths);
    const own = places.map((place) => found[place] as number);
    expect(largestDifference(own, gradients) / largest(gradients)).toBeLessThan(1e-5);
    expect(
      Array.from(found)
        .filter((_, place) => !places.includes(place))
        .every((x) => x === 0),
    ).toBe(true);
  });

  test('each loss is among the cases', () => {
    expect(new Set(cases.map(([, name]) => name))).toEqual(new Set(rankingLosses().map(({ name }) => name)));
  });
});

test('equal scores and labels have finite gradients', async () => {
  const scores = tensor([[1, 1, 1], [0, 0, 0]]); // biome-ignore format: short
  for (const row of rankingLosses()) {
    const parts = { scores, labels: scores.mul(0), mask: scores.mul(0).add(1), options: row.options.parse({}) };
    const [found] = gradient(row.build(parts), [scores]);
    expect(Array.from((await found?.data()) as Float32Array).every(Number.isFinite), row.name).toBe(true);
  }
});

test('lambda is finite for the greatest labels that it takes', async () => {
  const { greatestLabel = 1000, options, build } = rankingLossNamed('lambda');
  const scores = tensor([[1, 2, 0]]);
  const labels = tensor([[greatestLabel, 1, 0]]);
  const loss = build({ scores, labels, mask: scores.mul(0).add(1), options: options.parse({}) });
  expect(await loss.item()).toSatisfy(Number.isFinite);
  const [found] = gradient(loss, [scores]);
  expect(Array.from((await found?.data()) as Float32Array)).toSatisfy((all: number[]) => all.every(Number.isFinite));
});

describe('20 steps of training are those of sentence-transformers', () => {
  const runs = casesOf<Run>('training').map((each, i) => [i, each.name, each] as const);
  test.each(runs)('run %i: %s', async (_, loss, { options, queries, documents, labels, losses, logits }) => {
    const config = { hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 };
    const model = await AutoModelForSequenceClassification.fromPretrained(fixture('model'), { config });
    const tokenizer = await AutoTokenizer.fromPretrained(fixture('model'));
    const task = new TextRanking({ tokenizer, maxLength: 20, loss, lossArgs: options, activation: 'identity' });
    const examples = queries.map((query, i): RankingExample => {
      return { query, documents: documents[i] as string[], labels: labels[i] as number[] };
    });
    const features = await task.encodeTraining(examples);
    const training = await TrainingStep.create(model, () => task.loss(model));
    for (const [step, expected] of losses.entries()) {
      const batch = Array.from(
        { length: 4 },
        (_, i) => features[(4 * step + i) % 8] as (typeof features)[number],
      ).flat();
      const settings = { learningRate: 1e-3, weightDecay: 0, maxGradNorm: 0 };
      const result = await training.step([task.collate(batch)], settings, step);
      expect(Math.abs(result.loss - expected) / Math.max(1e-2, Math.abs(expected)), `step ${step}`).toBeLessThan(1e-4);
    }
    const [found = []] = await predictExamples(model, task, examples.slice(1, 2));
    // Losses that compare scores do not see what is added to all of them: the last bias follows the noise of its gradient.
    const level = rankingLossNamed(loss).isListwise ? meanOf : () => 0;
    const centred = (values: readonly number[]) => values.map((value) => value - level(values));
    expect(largestDifference(centred(found), centred(logits))).toBeLessThan(2e-4);
    await model.dispose();
  });

  test('in micro-batches as in one batch', async () => {
    const tokenizer = await AutoTokenizer.fromPretrained(fixture('model'));
    const [, , { queries, documents, labels }] = runs[0] as (typeof runs)[number];
    const examples = queries.map((query, i) => ({
      query,
      documents: documents[i] as string[],
      labels: labels[i] as number[],
    }));
    for (const { name } of rankingLosses()) {
      const config = { hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 };
      const model = await AutoModelForSequenceClassification.fromPretrained(fixture('model'), { config });
      const task = new TextRanking({ tokenizer, maxLength: 20, loss: name });
      const features = (await task.encodeTraining(examples)).flat();
      const training = await TrainingStep.create(model, () => task.loss(model));
      const settings = { learningRate: 0, weightDecay: 0, maxGradNorm: 0 };
      const whole = await training.step([task.collate(features)], settings, 0);
      const parts = [features.slice(0, 3), features.slice(3)].map((part) => task.collate(part));
      const accumulated = await training.step(parts, settings, 0);
      expect(accumulated.loss / whole.loss, name).toBeCloseTo(1, 5);
      expect(accumulated.gradientNorm / whole.gradientNorm, name).toBeCloseTo(1, 4);
      await model.dispose();
    }
  });
});

test('a loss of ones own is a row of the registry', () => {
  const own = { ...rankingLossNamed('list-net'), name: 'own' };
  registerRankingLoss(own);
  expect(rankingLosses().at(-1)).toBe(own);
  expect(() => registerRankingLoss(own)).toThrow('there is a loss "own" already');
  expect(() => rankingLossNamed('lamda')).toThrow('Did you mean lambda?');
});
