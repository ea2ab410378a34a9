/**
 * @file LoRA beside PEFT: adapters of BERT and GPT-2 that PEFT wrote (bench/peers/lora_fixtures.py), their outputs, gradients and
 * 20 steps of AdamW, with rsLoRA, DoRA, biases and patterns; and what Multihead writes of them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { TensorValue, Values } from '../../engine/engine.js';
import { crossEntropy } from '../../nn/losses/losses.js';
import { UserError } from '../../platform/errors.js';
import { input } from '../../tensor/factories.js';
import { largest, largestDifference, readValues } from '../../testing/reference.js';
import { temporaryFolder } from '../../testing/temporary-folder.js';
import { linearSchedule } from '../../training/schedules/schedule.js';
import { TrainingStep } from '../../training/step/training-step.js';
import { AutoModelForCausalLM, AutoModelForSequenceClassification } from '../auto-model.js';
import { type CausalInputs, CausalLanguageModel } from '../causal/causal-language-model.js';
import { SafetensorsFile } from '../checkpoint/safetensors.js';
import { modelInputs } from '../core/model.js';
import type { PretrainedModel } from '../core/pretrained.js';

const root = fileURLToPath(new URL('../../../fixtures/lora', import.meta.url));
const cases = readdirSync(root);

interface Expected {
  readonly loss: number;
  readonly zero_gradients: readonly string[];
  readonly trajectory: {
    readonly settings: Readonly<Record<string, number>>;
    readonly losses: readonly number[];
    readonly grad_norms_before_clipping: readonly number[];
  };
}

const auto = (name: string) => (name.startsWith('bert') ? AutoModelForSequenceClassification : AutoModelForCausalLM);

/** The loss of Transformers' class. */
function lossOf(model: PretrainedModel) {
  if (!(model instanceof CausalLanguageModel)) {
    const { logits } = model.forward(modelInputs()).scores;
    return crossEntropy(logits as never, input('labels', 'int64', ['batch_size']));
  }
  const tokens = (name: string) => input(name, 'int64', ['batch_size', 'sequence_length']);
  const inputs: CausalInputs = { inputIds: tokens('input_ids'), attentionMask: tokens('attention_mask') };
  return crossEntropy(model.forward(inputs).scores.logits as never, tokens('labels'));
}

/** A batch as our loss reads it: Transformers shifts the labels of causal models itself. */
function batchOf(values: Values, isCausal: boolean): Values {
  if (!isCausal) return values;
  const { labels } = values as { labels: TensorValue };
  const [rows, length] = labels.shape as [number, number];
  const data = labels.data as BigInt64Array;
  const shifted = BigInt64Array.from(data, (_, i) => (i % length === length - 1 ? -100n : (data[i + 1] as bigint)));
  return { ...values, labels: { dtype: 'int64', shape: [rows, length], data: shifted } };
}

async function load(name: string) {
  const model: PretrainedModel = await auto(name).fromPretrained(join(root, name));
  const file = await SafetensorsFile.open(join(root, name, 'expected.safetensors'));
  const expected = JSON.parse(readFileSync(join(root, name, 'expected.json'), 'utf8')) as Expected;
  const inputs = await readValues(file, 'input.');
  const logits = async () => (await model.predictValues(withTypes(inputs))).logits?.data as Float32Array;
  const reference = async (of: string) => (await readValues(file, of)).logits?.data as Float32Array;
  return { model, file, expected, inputs, logits, reference, isCausal: model instanceof CausalLanguageModel };
}

const withTypes = (batch: Values): Values => ({ token_type_ids: batch.input_ids as TensorValue, ...batch });

/** PEFT's name of a parameter, without the adapter's name. */
const plain = (name: string): string =>
  name.replace('.default.weight', '.weight').replace('lora_magnitude_vector.weight', 'lora_magnitude_vector');

describe.each(cases)('%s', (name) => {
  test('the logits of the adapter that PEFT wrote are within 1e-4; without it they are those of the base model', async () => {
    const { model, logits, reference } = await load(name);
    expect(model.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    const own = await logits();
    expect(largestDifference(own, await reference('output.'))).toBeLessThan(1e-4);
    await model.adapters.use(undefined);
    const base = await logits();
    expect(largestDifference(base, await reference('base.'))).toBeLessThan(1e-4);
    expect(largestDifference(base, own)).toBeGreaterThan(1e-2);
    await model.adapters.use('default');
    expect(await logits()).toEqual(own);
    await model.dispose();
  });

  test('the gradients of what learns are within 1e-3, and nothing else has one', async () => {
    const { model, file, expected, inputs, isCausal } = await load(name);
    const { engine } = await TrainingStep.create(model, () => lossOf(model));
    const { loss, gradients } = await engine.readGradients(batchOf(withTypes(inputs), isCausal));
    expect(Math.abs(loss / expected.loss - 1)).toBeLessThan(1e-5);
    const references = await readValues(file, 'gradient.');
    expect(Object.keys(gradients).map(plain).sort()).toEqual(Object.keys(references).sort());
    for (const [parameter, gradient] of Object.entries(gradients)) {
      const { data } = references[plain(parameter)] as TensorValue;
      const bound = expected.zero_gradients.includes(plain(parameter)) ? 1e-6 : 1e-3 * largest(data);
      expect(largestDifference(gradient, data), parameter).toBeLessThan(bound);
    }
    await model.dispose();
  });

  test('20 steps of AdamW: losses and gradient norms are within 1e-3; frozen weights stay, bit for bit', async () => {
    const { model, file, expected, isCausal } = await load(name);
    const { settings, losses, grad_norms_before_clipping } = expected.trajectory;
    const { data: before } = await model.weights.read();
    const frozen = new Float32Array(before);
    const training = await TrainingStep.create(model, () => lossOf(model));
    for (const [step, reference] of losses.entries()) {
      const batch = await readValues(file, `trajectory.batch.${step % (settings.batches as number)}.`);
      const factor = linearSchedule(step, settings.warmup_steps as number, settings.steps as number);
      const learningRate = (settings.learning_rate as number) * factor;
      const { loss, gradientNorm } = await training.step(
        [batchOf(withTypes(batch), isCausal)],
        { learningRate, weightDecay: 0, maxGradNorm: settings.max_grad_norm as number },
        step,
      );
      expect(Math.abs(loss / reference - 1), `loss of step ${step}`).toBeLessThan(1e-3);
      const norm = grad_norms_before_clipping[step] as number;
      expect(Math.abs(gradientNorm / norm - 1), `norm at step ${step}`).toBeLessThan(1e-3);
    }
    expect(losses).toHaveLength(20);
    const { data, places } = await model.weights.read();
    const learned = new Set(training.trainable.map((parameter) => parameter.name));
    for (const { name: parameter, offset, length } of places) {
      const change = largestDifference(
        data.subarray(offset, offset + length),
        frozen.subarray(offset, offset + length),
      );
      if (learned.has(parameter)) expect(change, parameter).toBeGreaterThan(0);
      else expect(change, parameter).toBe(0);
    }
    await model.dispose();
  });

  test('merged, the model computes the same and is saved as a plain one; unmerged, it has the bits that it had', async () => {
    const { model, file, inputs, logits } = await load(name);
    const own = await logits();
    const { data } = await model.weights.read();
    const before = new Float32Array(data);
    await model.adapters.merge();
    expect(largestDifference(await logits(), own)).toBeLessThan(1e-5);
    const [[parameter, merged]] = Object.entries(await readValues(file, 'merged.')) as [[string, TensorValue]];
    const { data: now, places } = await model.weights.read();
    const place = places.find((one) => one.name === parameter) as (typeof places)[number];
    expect(largestDifference(now.subarray(place.offset, place.offset + place.length), merged.data)).toBeLessThan(1e-5);
    const folder = temporaryFolder();
    await model.savePretrained(folder);
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors']);
    const whole: PretrainedModel = await auto(name).fromPretrained(folder);
    expect(whole.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
    const { logits: ofWhole } = await whole.predictValues(withTypes(inputs));
    expect(largestDifference(ofWhole?.data as Float32Array, own)).toBeLessThan(1e-5);
    await model.adapters.unmerge();
    expect((await model.weights.read()).data).toEqual(before);
    expect(await logits()).toEqual(own);
    await model.adapters.mergeAndUnload();
    expect(model.adapters.names).toEqual([]);
    expect([...model.weights.parameters.keys()]).toEqual([...whole.weights.parameters.keys()]);
    expect(largestDifference(await logits(), own)).toBeLessThan(1e-5);
    await Promise.all([model.dispose(), whole.dispose()]);
  });

  test('what is written has the tensors that PEFT wrote, and loads to the same outputs', async () => {
    const { model, logits } = await load(name);
    const folder = process.env.LORA_OUTPUT ? join(process.env.LORA_OUTPUT, name) : temporaryFolder();
    await model.savePretrained(folder);
    const written = await SafetensorsFile.open(join(folder, 'adapter_model.safetensors'));
    const original = await SafetensorsFile.open(join(root, name, 'adapter_model.safetensors'));
    // PEFT also writes copies of a bias that is not the model's any more.
    const isCopy = (tensor: string) => /\.(original_module|modules_to_save)\./.test(tensor);
    expect(written.names.toSorted()).toEqual(original.names.filter((tensor) => !isCopy(tensor)).sort());
    for (const tensor of written.names) {
      expect(await written.readFloat32(tensor)).toEqual(await original.readFloat32(tensor));
    }
    const again: PretrainedModel = await auto(name).fromPretrained(folder);
    const { inputs } = await load(name);
    expect((await again.predictValues(withTypes(inputs))).logits?.data).toEqual(await logits());
    await Promise.all([model.dispose(), again.dispose()]);
  });
});

test('several adapters share the weights; each has its own values, also of the head, and a switch loads nothing', async () => {
  const { model, logits } = await load('bert');
  const engine = await model.weights.engine();
  const first = await logits();
  await model.adapters.load(join(root, 'bert-dora'), 'dora');
  const second = await logits();
  const alone = await load('bert-dora');
  const { inputs } = await load('bert');
  expect((await alone.model.predictValues(withTypes(inputs))).logits?.data).toEqual(second);
  const shared = await model.weights.engine();
  await model.adapters.use('default');
  expect(await logits()).toEqual(first);
  await model.adapters.use('dora');
  expect(await logits()).toEqual(second);
  expect(await model.weights.engine()).toBe(shared);
  expect(shared).not.toBe(engine);
  expect(model.adapters.names).toEqual(['default', 'dora']);
  // What is saved of an adapter that is not active are its own values.
  const folder = temporaryFolder();
  await model.adapters.save(folder, 'default');
  const again = await AutoModelForSequenceClassification.fromPretrained(folder);
  expect((await again.predictValues(withTypes(inputs))).logits?.data).toEqual(first);
  await Promise.all([model.dispose(), alone.model.dispose(), again.dispose()]);
});

test('a new adapter changes nothing, is drawn as PEFT draws it, and the layers are those that were asked for', async () => {
  const base = await AutoModelForSequenceClassification.fromPretrained(join(root, '../bert/classify'));
  const { inputs } = await load('bert');
  const before = (await base.predictValues(withTypes(inputs))).logits?.data as Float32Array;
  await base.adapters.add('new', { rank: 4, targetModules: 'all-linear', useDora: true });
  const after = (await base.predictValues(withTypes(inputs))).logits?.data as Float32Array;
  expect(largestDifference(after, before)).toBeLessThan(1e-5);
  const dora = await SafetensorsFile.open(join(root, 'bert-dora/adapter_model.safetensors'));
  const folder = temporaryFolder();
  await base.savePretrained(folder);
  const file = await SafetensorsFile.open(join(folder, 'adapter_model.safetensors'));
  const lora = (names: readonly string[]) => names.filter((name) => name.includes('lora_')).sort();
  expect(lora(file.names)).toEqual(lora(dora.names));
  for (const name of lora(file.names)) {
    const values = await file.readFloat32(name);
    if (name.includes('lora_B')) expect(largest(values)).toBe(0);
    if (!name.includes('lora_A')) continue;
    const bound = 1 / Math.sqrt(file.info(name).shape[1] as number);
    expect(largest(values)).toBeLessThan(bound);
    expect(largest(values)).toBeGreaterThan(0.8 * bound);
  }
  await base.dispose();
});

test('what cannot be is refused in words', async () => {
  const model = await AutoModelForSequenceClassification.fromPretrained(join(root, '../bert/classify'));
  const add = (settings: object, name = 'x') => model.adapters.add(name, settings);
  await expect(add({ rank: 0 })).rejects.toThrow(/lora\.rank is 0/);
  await expect(add({ rang: 1 })).rejects.toThrow(/there is no option "rang".*Did you mean rank\?/s);
  await expect(add({ targetModules: ['nothing'] })).rejects.toThrow(/no layer of the model is; .*query/);
  await expect(add({ targetModules: '(' })).rejects.toThrow(/no regular expression/);
  await expect(add({}, 'modules')).rejects.toThrow(/adapter's name is "modules"/);
  await expect(model.adapters.use('nobody')).rejects.toThrow(/no adapter "nobody"; it has: none/);
  await expect(model.adapters.merge()).rejects.toThrow(UserError);
  await expect(model.adapters.load(join(root, 'gpt2'))).rejects.toThrow(
    /has no place in BertForSequenceClassification/,
  );
  await model.dispose();
});
