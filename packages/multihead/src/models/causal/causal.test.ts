/** @file Causal language models against Hugging Face Transformers on PyTorch (fixtures/causal, see bench/peers/causal_fixtures.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { modelInputs, SafetensorsFile } from '../../exports/models.js';
import { crossEntropy } from '../../exports/nn.js';
import { input, type Tensor, type TensorValue } from '../../exports/tensor.js';
import { linearSchedule, TrainingStep } from '../../exports/training.js';
import { AutoModelForCausalLM } from '../../index.js';
import { writeModel } from '../../onnx/model.js';
import { causalFixture, causalFixtures } from '../../testing/causal-fixtures.js';
import { largest, largestDifference, readValues } from '../../testing/reference.js';
import { modelTypes } from '../registry.js';
import type { CausalLanguageModel } from './causal-language-model.js';

interface Run {
  settings: Record<string, number> & { betas: [number, number] };
  losses: number[];
  learning_rates: number[];
  grad_norms_before_clipping: number[];
}

interface Expected {
  model: string;
  loss: number;
  zero_gradients: string[];
  trajectory?: Run;
  accumulation?: Run;
}

const cases = causalFixtures();
const expectedOf = (name: string) =>
  JSON.parse(readFileSync(`${causalFixture(name)}/expected.json`, 'utf8')) as Expected;

async function load(name: string) {
  const model = await AutoModelForCausalLM.fromPretrained(causalFixture(name));
  const file = await SafetensorsFile.open(`${causalFixture(name)}/expected.safetensors`);
  return { model, file, expected: expectedOf(name) };
}

/** Each position's scores against the token after it; -100 does not count. */
function nextTokenLoss(model: CausalLanguageModel): Tensor {
  const labels = input('labels', 'int64', ['batch_size', 'sequence_length']);
  return crossEntropy(model.decode(model.forwardHidden(modelInputs()).slice(1, 0, -1)), labels.slice(1, 1));
}

describe.each(cases)('%s', (name) => {
  test('logits, hidden states and attention weights are within 1e-4', async () => {
    const { model, file, expected } = await load(name);
    expect(model.constructor.name).toBe(expected.model);
    expect(model.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    const outputs = await model.predictValues(await readValues(file, 'input.'), {
      outputAttentions: true,
      outputHiddenStates: true,
    });
    const references: Record<string, TensorValue> = { ...(await readValues(file, 'output.')) };
    for (const kind of ['hidden_states.', 'attentions.']) {
      for (const [i, value] of Object.entries(await readValues(file, kind))) references[`${kind}${i}`] = value;
    }
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(references).sort());
    for (const [output, { data, shape }] of Object.entries(references)) {
      expect(outputs[output]?.shape, output).toEqual(shape);
      expect(largestDifference(outputs[output]?.data as Float32Array, data), output).toBeLessThan(1e-4);
    }
    await model.dispose();
  });

  test('rows padded on the left count their positions from the first token', async () => {
    const { model, file } = await load(name);
    const { logits, ...inputs } = await readValues(file, 'left.');
    const mask = inputs.attention_mask?.data as BigInt64Array;
    const { vocabSize } = model.config;
    const found = (await model.predictValues(inputs)).logits?.data as Float32Array;
    const visible = (all: ArrayLike<number>) =>
      Array.from(all).filter((_, i) => mask[Math.floor(i / vocabSize)] === 1n);
    expect(largestDifference(visible(found), visible(logits?.data as Float32Array))).toBeLessThan(1e-4);
    await model.dispose();
  });

  test('the loss and the gradient of every parameter are within 1e-3', async () => {
    const { model, file, expected } = await load(name);
    const { engine } = await TrainingStep.create(model, () => nextTokenLoss(model));
    const { loss, gradients } = await engine.readGradients(await readValues(file, 'input.'));
    expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
    const references = await readValues(file, 'gradient.');
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(references).sort());
    for (const [parameter, { data }] of Object.entries(references)) {
      // Some gradients are zero in theory (a bias that softmax takes out again); only rounding is left of them.
      const bound = expected.zero_gradients.includes(parameter) ? 1e-6 : 1e-3 * largest(data);
      expect(largestDifference(gradients[parameter] as Float32Array, data), parameter).toBeLessThan(bound);
    }
    await model.dispose();
  });
});

const runs = cases.flatMap((name) =>
  (['trajectory', 'accumulation'] as const)
    .filter((kind) => expectedOf(name)[kind])
    .map((kind) => [name, kind] as const),
);

test('every family of causal language models has a run and generated texts', () => {
  const typeOf = (name: string) => JSON.parse(readFileSync(`${causalFixture(name)}/config.json`, 'utf8')).model_type;
  const families = modelTypes('CausalLM').sort();
  expect([...new Set(runs.map(([name]) => typeOf(name)))].sort()).toEqual(families);
  expect([...new Set(causalFixtures('generation.json').map(typeOf))].sort()).toEqual(families);
});

test.each(runs)('AdamW on %s, %s: losses, rates and gradient norms are within 1e-3', async (name, kind) => {
  const { model, file, expected } = await load(name);
  const { settings, losses, learning_rates, grad_norms_before_clipping } = expected[kind] as Run;
  const [beta1, beta2] = settings.betas;
  const training = await TrainingStep.create(model, () => nextTokenLoss(model), {
    adamBeta1: beta1,
    adamBeta2: beta2,
    adamEpsilon: settings.epsilon as number,
  });
  for (let step = 0; step < (settings.steps as number); step++) {
    const microBatches = settings.gradient_accumulation_steps as number;
    const numbers = Array.from({ length: microBatches }, (_, i) => step * microBatches + i);
    const batches = await Promise.all(
      numbers.map((i) => readValues(file, `trajectory.batch.${i % (settings.batches as number)}.`)),
    );
    const factor = linearSchedule(step, settings.warmup_steps as number, settings.steps as number);
    const learningRate = (settings.learning_rate as number) * factor;
    expect(learningRate).toBeCloseTo(learning_rates[step] as number, 12);
    const adamW = {
      learningRate,
      weightDecay: settings.weight_decay as number,
      maxGradNorm: settings.max_grad_norm as number,
    };
    const { loss, gradientNorm } = await training.step(batches, adamW, step);
    expect(Math.abs(loss / (losses[step] as number) - 1), `loss of step ${step}`).toBeLessThan(1e-3);
    const norm = grad_norms_before_clipping[step] as number;
    expect(Math.abs(gradientNorm / norm - 1), `norm at step ${step}`).toBeLessThan(1e-3);
  }
  await model.dispose();
});

test.each(cases)('%s in standard operators, as other providers want it, gives the same', async (name) => {
  const { model, file } = await load(name);
  const engine = await model.weights.engine();
  const graph = writeModel({ ...model.forward(modelInputs()).scores }, { target: 'portable' });
  await engine.load('portable', graph);
  const found = await engine.run('portable', await readValues(file, 'input.'));
  const { logits } = await readValues(file, 'output.');
  expect(new TextDecoder('latin1').decode(graph.bytes)).not.toMatch(/FusedMatMul|SimplifiedLayerNormalization/);
  expect(largestDifference(found.logits?.data as Float32Array, logits?.data as Float32Array)).toBeLessThan(1e-4);
  await model.dispose();
});
