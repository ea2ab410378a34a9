import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { Comparison } from '../../export/comparison.js';
import { fileOf } from '../../export/export-model.js';
import { pipeline } from '../../inference/pipeline.js';
import { allModels, autoModelOf, smallConfig, wide } from '../../testing/small-models.js';
import { TrainingStep } from '../../training/step/training-step.js';
import { AutoModelForCausalLM, AutoModelForMaskedLM } from '../auto-model.js';
import { type DtypeName, dtypeNames } from '../dtypes.js';
import { modelInputs } from './model.js';
import type { PretrainedModel } from './pretrained.js';
import { quantize } from './quantize.js';
import { formsOf } from './weights.js';

const models = fileURLToPath(new URL('../../../../../models/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'multihead-quantize-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const others = dtypeNames.filter((dtype) => dtype !== 'fp32');
/** One model of each kind of layer. */
const kinds = allModels.filter(([type], i) => ['gpt2', 'llama'].includes(type) || i < 2);
const texts = [[5], [6, 7, 8], [9, 10, 11, 12, 13, 14]];

describe.each(others)('%s', (dtype) => {
  test.each(kinds)('%s %s computes what its exported file does', async (modelType, head) => {
    const model: PretrainedModel = autoModelOf(head).fromConfig(smallConfig(modelType, wide), { seed: 3 });
    const file = fileOf(model, dtype, formsOf(await model.weights.read()), { device: 'cpu' });
    await quantize(model, { dtype });
    expect(model.weights.dtype).toBe(dtype);
    const comparison = await Comparison.begin(model, texts);
    // Of the two graphs, one is written for the CPU alone: kernels add in another order, which float16 rounds otherwise.
    expect(await comparison.errorOf(file)).toBeLessThan(dtype.endsWith('16') ? 0.02 : 1e-4);
    await Promise.all([comparison.close(), model.dispose()]);
  });
});

test('a pipeline of a dtype answers nearly what that of float32 does, and holds fewer bytes', async () => {
  const text = 'the capital of france is [MASK].';
  const answers = async (dtype: DtypeName) => {
    const fill = await pipeline('fill-mask', join(models, 'mini'), { dtype });
    const found = await fill(text, { topK: 3 });
    await fill.dispose();
    return found as { token: number; score: number }[];
  };
  const [fp32, q8] = [await answers('fp32'), await answers('q8')];
  expect(q8.map(({ token }) => token)).toContain(fp32[0]?.token);
  expect(q8[0]?.score).toBeCloseTo(fp32[0]?.score as number, 1);
  expect(q8[0]?.score).not.toBe(fp32[0]?.score);
});

test('a quantized decoder reads on', async () => {
  const generate = await pipeline('text-generation', join(models, 'mini-gpt'), { dtype: 'q8' });
  const [text] = (await generate('It was', { maxNewTokens: 5, doSample: false })) as { generatedText: string }[];
  expect(text?.generatedText.length).toBeGreaterThan('It was'.length);
  await generate.dispose();
});

describe('a quantized model', () => {
  test('refuses what float32 weights are needed for, and quantizing again', async () => {
    const model = await AutoModelForMaskedLM.fromPretrained(join(models, 'mini'), { dtype: 'q8' });
    const message = "the model's weights are q8: they can compute, but not be read, trained, saved";
    await expect(model.savePretrained(folder)).rejects.toThrow(message);
    await expect(
      TrainingStep.create(model, () => model.forward(modelInputs()).scores.logits?.mean() as never),
    ).rejects.toThrow(message);
    await expect(model.to('webgpu')).rejects.toThrow(message);
    expect(() => model.weights.view('bert.embeddings.LayerNorm.bias')).toThrow(message);
    await quantize(model, { dtype: 'q8' });
    await expect(quantize(model, { dtype: 'fp32' })).rejects.toThrow(message);
    await model.dispose();
    await expect(model.weights.engine()).rejects.toThrow('was disposed of');
  });

  test('has the weights of its merged adapter', async () => {
    const adapted = async (): Promise<PretrainedModel> => {
      const model = AutoModelForCausalLM.fromConfig(smallConfig('llama', wide), { seed: 3 });
      await model.adapters.add('new', { targetModules: ['q_proj', 'down_proj'], rank: 2 });
      const own = [...model.weights.parameters].filter(([name]) => model.adapters.holds(name));
      await model.weights.write(new Map(own.map(([name, { length }]) => [name, new Float32Array(length).fill(0.2)])));
      return model;
    };
    const [model, merged] = [await adapted(), await adapted()];
    const plain = AutoModelForCausalLM.fromConfig(smallConfig('llama', wide), { seed: 3 });
    await merged.adapters.mergeAndUnload();
    await quantize(model, { dtype: 'q8' });
    expect(model.adapters.active).toBeUndefined();
    const comparison = await Comparison.begin(model, texts);
    expect(await comparison.errorOf(fileOf(merged, 'fp32', formsOf(await merged.weights.read())))).toBeLessThan(0.1);
    expect(await comparison.errorOf(fileOf(plain, 'fp32', formsOf(await plain.weights.read())))).toBeGreaterThan(0.2);
    await Promise.all([comparison.close(), ...[model, merged, plain].map((each) => each.dispose())]);
  });
});

test('an unknown dtype is refused before anything is loaded', async () => {
  const dtype = 'q88' as DtypeName;
  const message = `there is no dtype "q88"; there are: ${dtypeNames.join(', ')}. Did you mean q8?`;
  await expect(pipeline('fill-mask', join(models, 'mini'), { dtype })).rejects.toThrow(message);
  const model = AutoModelForCausalLM.fromConfig(smallConfig('llama'));
  await expect(quantize(model, { dtype })).rejects.toThrow(message);
  await model.dispose();
});
