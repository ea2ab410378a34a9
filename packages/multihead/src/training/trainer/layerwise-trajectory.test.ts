/** @file Layer-wise rates and gradual unfreezing, step by step beside PyTorch's AdamW with a group for each parameter. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { TensorValue, Values } from '../../engine/engine.js';
import { BertConfig } from '../../models/bert/config.js';
import { BertForSequenceClassification } from '../../models/bert/heads.js';
import { SafetensorsFile } from '../../models/checkpoint/safetensors.js';
import { modelInputs } from '../../models/core/model.js';
import { groupOf } from '../../models/core/parameter-groups.js';
import { crossEntropy } from '../../nn/losses/losses.js';
import { input } from '../../tensor/factories.js';
import type { Tensor } from '../../tensor/tensor.js';
import { groupSteps } from '../step/parameter-groups.js';
import { TrainingStep } from '../step/training-step.js';

interface Run {
  layerwiseLrDecay: number;
  gradualUnfreezingSteps: number;
  losses: number[];
  norms: number[];
}

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
// Made by bench/peers/layerwise_fixtures.py.
const { settings, runs } = JSON.parse(readFileSync(fixture('layerwise.json'), 'utf8')) as {
  settings: { learningRate: number; weightDecay: number; batches: number };
  runs: Run[];
};
const folder = fixture('bert/classify');

async function readBatch(file: SafetensorsFile, number: number): Promise<Values> {
  const prefix = `trajectory.batch.${number}.`;
  const read = async (name: string): Promise<[string, TensorValue]> => {
    const { shape } = file.info(name);
    return [name.slice(prefix.length), { dtype: 'int64', shape, data: await file.readInt64(name) }];
  };
  return Object.fromEntries(await Promise.all(file.names.filter((name) => name.startsWith(prefix)).map(read)));
}

test.each(runs)(
  'rates falling by $layerwiseLrDecay, a layer more every $gradualUnfreezingSteps steps: losses and norms within 1e-4',
  async ({ losses, norms, ...groups }) => {
    const config = { ...(await BertConfig.fromPretrained(folder)), hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 };
    const model = new BertForSequenceClassification(config);
    await model.loadWeights(`${folder}/model.safetensors`, 0);
    const layers = config.numHiddenLayers;
    const buildLoss = () =>
      crossEntropy(model.forward(modelInputs()).scores.logits as Tensor, input('labels', 'int64', ['batch_size']));
    const training = await TrainingStep.create(model, buildLoss, { groupOf: (name) => groupOf(model, name) });
    const file = await SafetensorsFile.open(`${folder}/expected.safetensors`);
    const { batches, ...adamW } = settings;
    for (const [step, expected] of losses.entries()) {
      const batch = await readBatch(file, step % batches);
      const given = { ...adamW, groups: groupSteps(groups, layers, step) };
      const { loss, gradientNorm } = await training.step([batch], given, step);
      expect(Math.abs(loss / expected - 1), `loss of step ${step}`).toBeLessThan(1e-4);
      expect(Math.abs(gradientNorm / (norms[step] as number) - 1), `norm of step ${step}`).toBeLessThan(1e-4);
    }
    await model.dispose();
  },
);
