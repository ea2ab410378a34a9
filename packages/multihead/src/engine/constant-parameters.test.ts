/** @file A graph that has its parameters laid out beforehand never computes with old ones. */
import { afterAll, expect, test } from 'vitest';
import { IncrementalDecoder } from '../inference/generation/incremental-decoder.js';
import { GPT2Config } from '../models/gpt2/config.js';
import { GPT2LMHeadModel } from '../models/gpt2/gpt2.js';
import { crossEntropy } from '../nn/losses/losses.js';
import { int64 } from '../tasks/collate.js';
import { input } from '../tensor/factories.js';
import { largestDifference } from '../testing/reference.js';
import { TinyCausal } from '../testing/tiny-causal.js';
import { TrainingStep } from '../training/step/training-step.js';
import type { TensorValue } from './engine.js';

const model = new TinyCausal({ vocabSize: 20, hiddenSize: 8, layers: 1, heads: 2, maxPositionEmbeddings: 16 });
afterAll(() => model.dispose());

test('new values of the parameters are read at once, also in the middle of a text', async () => {
  const engine = await model.weights.engine();
  const decoder = await IncrementalDecoder.open(model, { rows: 1, slots: 16 });
  const before = [...(await decoder.read([[1, 2]])).row(0)];
  const { data, places } = await engine.readParameters();
  await engine.writeParameters(data.map((value) => value / 2));
  const after = [...(await decoder.read([[1, 2]])).row(0)];
  expect(after).not.toEqual(before);
  await engine.writeParameters(data);
  expect([...(await decoder.read([[1, 2]])).row(0)]).toEqual(before);
  await engine.adoptParameters({ data: data.map((value) => value / 2), places });
  expect([...(await decoder.read([[1, 2]])).row(0)]).toEqual(after);
  await decoder.close();
});

test('predictions have new values at once', async () => {
  const sizes = { vocab_size: 20, n_embd: 8, n_layer: 1, n_head: 2, n_positions: 16 };
  const model = GPT2LMHeadModel.fromConfig(GPT2Config.fromJson({ ...sizes, eos_token_id: null, bos_token_id: null }));
  const engine = await model.weights.engine();
  const logits = async () => [...(await model.predict({ inputIds: [[1, 2]] })).logits.data];
  const before = await logits();
  const { data } = await engine.readParameters();
  await engine.writeParameters(data.map((value) => value / 2));
  expect(largestDifference(await logits(), before)).toBeGreaterThan(1e-3);
  await engine.writeParameters(data);
  expect(await logits()).toEqual(before);
  await model.dispose();
});

test('training changes what is generated next', async () => {
  const sizes = { vocab_size: 20, n_embd: 8, n_layer: 1, n_head: 2, n_positions: 16 };
  const config = GPT2Config.fromJson({ ...sizes, eos_token_id: null, bos_token_id: null });
  const model = GPT2LMHeadModel.fromConfig(config, { seed: 1 });
  const scores = async () => {
    const decoder = await IncrementalDecoder.open(model, { rows: 1, slots: 16 });
    const logits = [...(await decoder.read([[1, 2, 3]])).row(0)];
    await decoder.close();
    return logits;
  };
  const whole = async (model: GPT2LMHeadModel) => {
    const inputs = { input_ids: int64([1, 2, 3], [1, 3]) };
    const { logits } = await model.weights.run(
      'whole',
      () => ({ logits: model.decode(model.forwardHidden({ inputIds: input('input_ids', 'int64', ['b', 's']) })) }),
      inputs,
    );
    return [...((logits as TensorValue).data as Float32Array)].slice(-20);
  };
  const first = await scores();
  const labels = input('labels', 'int64', ['b', 's']);
  const training = await TrainingStep.create(model, () => {
    const hidden = model.forwardHidden({ inputIds: input('input_ids', 'int64', ['b', 's']) });
    return crossEntropy(model.decode(hidden), labels);
  });
  expect(largestDifference(await scores(), first)).toBeLessThan(1e-6);
  const batch = { input_ids: int64([1, 2, 3], [1, 3]), labels: int64([4, 5, 6], [1, 3]) };
  for (let step = 0; step < 2; step++) {
    await training.step([batch], { learningRate: 0.1 }, step);
    const trained = await scores();
    expect(largestDifference(trained, first)).toBeGreaterThan(0.1);
    expect(largestDifference(trained, await whole(model))).toBeLessThan(1e-5);
    const copy = GPT2LMHeadModel.fromConfig(config, { seed: 2 });
    const { data } = await (await model.weights.engine()).readParameters();
    await (await copy.weights.engine()).writeParameters(data);
    expect(largestDifference(trained, await whole(copy))).toBeLessThan(1e-5);
    await copy.dispose();
  }
  await model.dispose();
});
