/** @file Engines that average their gradients make the step of the one engine that has all of their micro-batches. */
import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from '#engine';
import type { Values } from '../../exports/tensor.js';
import { AutoTokenizer, BertConfig, BertForSequenceClassification, TextClassification } from '../../index.js';
import { traceTraining } from '../../nn/training-mode.js';
import { meetingPlace } from '../../testing/average-gradients.js';
import { largestDifference } from '../../testing/reference.js';
import { toyConfig, toyFolder, toyRows } from '../../testing/toy.js';
import { trainingGraph } from '../../training/step/training-graph.js';
import type { Engine, EngineOptions, StepResult } from '../engine.js';
import { chooseOptimizer } from '../optimizers/registry.js';

const config = BertConfig.fromJson(
  {
    ...toyConfig,
    vocab_size: 400,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
    id2label: { 0: 'disliked', 1: 'liked' },
  },
  'toy',
);
const tokenizer = await AutoTokenizer.fromPretrained(toyFolder());
const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
const task = new TextClassification({ tokenizer, labels: ['disliked', 'liked'], maxLength: 16 });
const traced = traceTraining(() => task.loss(model));
const graph = trainingGraph(traced, [...model.weights.parameters.values()]);
const gradients = graph.gradients.reduce((sum, { parameter }) => {
  const { length } = model.weights.parameters.get(parameter) ?? { length: 0 };
  return sum + Math.ceil(length / 16) * 16;
}, 0);

const rows = toyRows(24).map((row, i) => ({ ...row, line: i + 1 }));
const features = (await task.encode(rows)).flat();
/** Three steps of two micro-batches each, whose texts and so whose rows of the embedding differ. */
const steps = [0, 1, 2].map((step) =>
  [0, 1].map((half) => {
    const start = 8 * step + 4 * half;
    const shift = 150 * half + 40 * step;
    return features
      .slice(start, start + 4)
      .map((feature) => ({ ...feature, inputIds: feature.inputIds.map((id) => id + shift) }));
  }),
);

const engines: Engine[] = [];
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  await model.dispose();
});

async function trained(batches: readonly (readonly Values[])[], options: EngineOptions = {}) {
  const engine = createEngine({ threads: 1, ...options });
  engines.push(engine);
  const { data, places } = await model.weights.read();
  await engine.adoptParameters({ data: data.slice(), places });
  await engine.prepareTraining(graph, chooseOptimizer('adamw'));
  const results: StepResult[] = [];
  for (const microBatches of batches) {
    results.push(await engine.step(microBatches, { learningRate: 0.01, weightDecay: 0.1, maxGradNorm: 0.5 }));
  }
  return { results, parameters: (await engine.readParameters()).data };
}

describe('two engines that average their gradients', () => {
  const memory = meetingPlace(2, gradients);
  const module = new URL('../../testing/average-gradients.js', import.meta.url).href;
  const together = Promise.all(
    [0, 1].map((rank) =>
      trained(
        steps.map((halves) => [task.collate(halves[rank] ?? [])]),
        { reduction: { module, options: { memory, rank, engines: 2 } } },
      ),
    ),
  );

  test('have the losses, norms and parameters of one engine with both micro-batches, bit for bit', async () => {
    const alone = await trained(steps.map((halves) => halves.map((half) => task.collate(half))));
    for (const { results, parameters } of await together) {
      expect(results).toEqual(alone.results);
      expect(parameters).toEqual(alone.parameters);
    }
    expect(new Set(alone.results.map(({ loss }) => loss)).size).toBe(3);
  });

  test('learn what one engine learns from the whole batch', async () => {
    const whole = await trained(steps.map((halves) => [task.collate(halves.flat())]));
    const [{ results, parameters } = whole] = await together;
    for (const [step, { loss, gradientNorm }] of results.entries()) {
      expect(loss).toBeCloseTo(whole.results[step]?.loss as number, 5);
      expect(gradientNorm).toBeCloseTo(whole.results[step]?.gradientNorm as number, 4);
    }
    expect(largestDifference(parameters, whole.parameters)).toBeLessThan(1e-4);
  });
});

test('a module without a reduction is refused', async () => {
  const module = new URL('../../platform/errors.js', import.meta.url).href;
  await expect(trained([], { reduction: { module } })).rejects.toThrow(
    `reduction: ${module} exports no createReduction(options)`,
  );
});
