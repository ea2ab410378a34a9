import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SafetensorsFile, writeSafetensors } from '../exports/models.js';
import { AutoConfig, AutoModelForCausalLM, GPT2LMHeadModel, LlamaForCausalLM } from '../index.js';
import { causalFixture, causalFixtures } from '../testing/causal-fixtures.js';
import { modelTypes } from './registry.js';

const scratch = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('a saved folder', () => {
  test.each(causalFixtures())('%s: the same model again', async (name) => {
    const folder = join(scratch, name);
    const model = await AutoModelForCausalLM.fromPretrained(causalFixture(name));
    await model.savePretrained(folder);
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors']);
    const [written, read] = await Promise.all(
      [folder, causalFixture(name)].map((place) => SafetensorsFile.open(join(place, 'model.safetensors'))),
    );
    expect(written?.names.sort()).toEqual(read?.names.sort());
    for (const tensor of read?.names ?? []) {
      expect(written?.info(tensor).shape).toEqual(read?.info(tensor).shape);
      expect(await written?.readFloat32(tensor)).toEqual(await read?.readFloat32(tensor));
    }
    const again = await AutoModelForCausalLM.fromPretrained(folder);
    expect(again.config).toEqual(model.config);
  });

  test('says float32, whatever the numbers were read from', async () => {
    const folder = join(scratch, 'dtype');
    const model = await AutoModelForCausalLM.fromPretrained(causalFixture('gpt2'), {
      config: { others: { torch_dtype: 'bfloat16' } },
    });
    await model.savePretrained(folder);
    expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).toMatchObject({ torch_dtype: 'float32' });
  });
});

test('names without the prefix, with masks and a second copy of the tied head', async () => {
  const folder = join(scratch, 'bare');
  const original = await AutoModelForCausalLM.fromPretrained(causalFixture('gpt2'));
  await original.savePretrained(folder);
  const path = join(folder, 'model.safetensors');
  const file = await SafetensorsFile.open(path);
  const tensors = await Promise.all(
    file.names.map(async (name) => {
      const { shape } = file.info(name);
      return {
        name: name.replace(/^transformer\./, ''),
        dtype: 'F32' as const,
        shape,
        data: await file.readFloat32(name),
      };
    }),
  );
  const mask = { name: 'h.0.attn.bias', dtype: 'F32' as const, shape: [1, 1, 2, 2], data: new Float32Array(4) };
  const head = {
    ...(tensors.find(({ name }) => name === 'wte.weight') as (typeof tensors)[0]),
    name: 'lm_head.weight',
  };
  await writeSafetensors(path, [...tensors, mask, head], {});
  const model = await GPT2LMHeadModel.fromPretrained(folder);
  expect(model.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
  expect((await model.weights.read()).data).toEqual((await original.weights.read()).data);
});

test('new weights that add to the residual stream are smaller with depth', () => {
  const config = { n_embd: 64, n_layer: 8, n_head: 2, n_positions: 8, vocab_size: 64, initializer_range: 0.1 };
  const model = GPT2LMHeadModel.fromConfig(GPT2LMHeadModel.architecture.config.fromJson(config, 'c'));
  const deviation = (name: string) => {
    const values = model.weights.view(`transformer.h.0.${name}.weight`);
    return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
  };
  expect(deviation('attn.c_attn')).toBeCloseTo(0.1, 2);
  expect(deviation('attn.c_proj')).toBeCloseTo(0.1 / 4, 2);
  expect(deviation('mlp.c_proj')).toBeCloseTo(0.1 / 4, 2);
});

describe('folders of other models', () => {
  const folderOf = (config: unknown) => {
    const folder = mkdtempSync(join(scratch, 'other-'));
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    return folder;
  };

  test('are refused by name', async () => {
    const folder = folderOf({ model_type: 'bert' });
    await expect(AutoModelForCausalLM.fromPretrained(folder)).rejects.toThrow(
      'model_type is "bert", of which there is no AutoModelForCausalLM',
    );
    await expect(LlamaForCausalLM.fromPretrained(folder)).rejects.toThrow('model_type is "bert"; "llama" was expected');
    await expect(AutoConfig.fromPretrained(folderOf({ model_type: 't5' }))).rejects.toThrow(
      `model_type is "t5"; Multihead knows ${modelTypes().join(', ')}`,
    );
    await expect(AutoConfig.fromPretrained(folderOf([]))).rejects.toThrow('config.json: holds no JSON object');
  });

  test('AutoConfig reads each kind', async () => {
    expect(await AutoConfig.fromPretrained(causalFixture('llama-tied'))).toMatchObject({
      modelType: 'llama',
      headDim: 6,
    });
    expect(await AutoConfig.fromPretrained(causalFixture('gpt2'))).toMatchObject({
      modelType: 'gpt2',
      numHiddenLayers: 2,
    });
    const older = folderOf({ hidden_size: 24, num_attention_heads: 2 });
    expect(await AutoConfig.fromPretrained(older)).toMatchObject({ modelType: 'bert', hiddenSize: 24 });
  });
});
