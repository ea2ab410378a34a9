/** @file Each optimizer's runs beside PyTorch's, Transformers' and lion-pytorch's. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { TensorValue, Values } from '../../engine/engine.js';
import { builtInOptimizers, chooseOptimizer, createOptimizer } from '../../engine/optimizers/registry.js';
import { BertConfig } from '../../models/bert/config.js';
import { BertForSequenceClassification } from '../../models/bert/heads.js';
import { SafetensorsFile } from '../../models/checkpoint/safetensors.js';
import { modelInputs } from '../../models/core/model.js';
import { crossEntropy } from '../../nn/losses/losses.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import { OptimizerHarness } from '../../testing/optimizer-harness.js';
import { parkMiller } from '../../testing/park-miller.js';
import { TrainingStep } from '../step/training-step.js';

interface Case {
  optim: string;
  optimArgs: Record<string, number | boolean>;
  /** Left out where the optimizer chooses it. */
  learningRate?: number;
  weightDecay: number;
  model: { losses: number[]; norms: number[] };
  /** The values of each tensor after steps 5, 10, 15 and 20. */
  tensors: number[][][];
}

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
// Made by bench/peers/optimizer_fixtures.py.
const { shapes, seed, cases } = JSON.parse(readFileSync(fixture('optimizers.json'), 'utf8')) as {
  shapes: number[][];
  seed: number;
  cases: Case[];
};
const folder = fixture('bert/classify');
const batches = 4;

async function readBatch(file: SafetensorsFile, number: number): Promise<Values> {
  const prefix = `trajectory.batch.${number}.`;
  const read = async (name: string): Promise<[string, TensorValue]> => {
    const { shape } = file.info(name);
    return [name.slice(prefix.length), { dtype: 'int64', shape, data: await file.readInt64(name) }];
  };
  return Object.fromEntries(await Promise.all(file.names.filter((name) => name.startsWith(prefix)).map(read)));
}

test('every optimizer has references', () => {
  const names = new Set(cases.map(({ optim }) => optim));
  expect(builtInOptimizers.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
});

describe.each(cases)('$optim $optimArgs, weight decay $weightDecay', (each) => {
  const { optim, optimArgs, weightDecay, learningRate = 1 } = each;

  test('20 steps of given gradients: every value within 1e-5', async () => {
    const below = parkMiller(seed);
    const draw = (shape: readonly number[]) =>
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => below(2_000_001) / 1e6 - 1);
    const parameters = shapes.map((shape) => ({ shape, values: draw(shape), decay: shape.length > 1 }));
    const harness = new OptimizerHarness(await createOptimizer(chooseOptimizer(optim, optimArgs)), parameters);
    for (let step = 1; step <= 20; step++) {
      harness.step(shapes.map(draw), { learningRate, weightDecay });
      if (step % 5 > 0) continue;
      for (const [i, expected] of (each.tensors[step / 5 - 1] as number[][]).entries()) {
        const errors = expected.map((value, at) => Math.abs(value - (harness.read(i)[at] as number)));
        expect(Math.max(...errors), `step ${step}, tensor ${i}`).toBeLessThan(1e-5);
      }
    }
  });

  test('20 steps of a model: losses and gradient norms within 1e-3', async () => {
    const config = { ...(await BertConfig.fromPretrained(folder)), hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 };
    const model = new BertForSequenceClassification(config);
    await model.loadWeights(`${folder}/model.safetensors`, 0);
    const buildLoss = () =>
      crossEntropy(model.forward(modelInputs()).scores.logits as Tensor, input('labels', 'int64', ['batch_size']));
    const training = await TrainingStep.create(model, buildLoss, { optim, optimArgs });
    const file = await SafetensorsFile.open(`${folder}/expected.safetensors`);
    const { losses, norms } = each.model;
    expect(losses).toHaveLength(20);
    for (const [step, expected] of losses.entries()) {
      const batch = await readBatch(file, step % batches);
      const { loss, gradientNorm } = await training.step([batch], { learningRate, weightDecay }, step);
      expect(Math.abs(loss / expected - 1), `loss of step ${step}`).toBeLessThan(1e-3);
      expect(Math.abs(gradientNorm / (norms[step] as number) - 1), `norm of step ${step}`).toBeLessThan(1e-3);
    }
    await model.dispose();
  });
});
