import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { SafetensorsFile } from '../../exports/models.js';
import { BertConfig, BertForMaskedLM, BertForSequenceClassification } from '../../index.js';
import { toyConfig, toyFolder } from '../../testing/toy.js';

const loading = (name: string) => fileURLToPath(new URL(`../../../fixtures/bert/loading/${name}`, import.meta.url));
const head = ['classifier.weight', 'classifier.bias'];

describe('checkpoints of every kind', () => {
  test.each<[string, readonly string[], number, string]>([
    ['prefixed', [], 0, 'with the bert. prefix'],
    ['unprefixed', head, 0, 'without prefix, and without a head'],
    ['gamma-beta', [], 0, 'with TensorFlow’s names of norms'],
    ['float16', [], 1e-3, 'in float16'],
    ['bfloat16', [], 1e-2, 'in bfloat16'],
    ['extra-and-missing', head, 0, 'with tensors that nobody knows'],
  ])('%s', async (name, newlyInitialized, tolerance) => {
    const [model, reference] = await Promise.all(
      [name, 'prefixed'].map((variant) => BertForSequenceClassification.fromPretrained(loading(variant))),
    );
    expect([...(model?.loadingReport?.newlyInitialized ?? [])]).toEqual(newlyInitialized);
    const unexpected = model?.loadingReport?.unexpected ?? [];
    expect(unexpected.length > 0).toBe(name === 'extra-and-missing');
    for (const parameter of reference?.weights.parameters.keys() ?? []) {
      if (newlyInitialized.includes(parameter)) continue;
      const [a, b] = [model?.weights.view(parameter) ?? [], reference?.weights.view(parameter) ?? []];
      for (const [i, x] of a.entries())
        expect(Math.abs(x - (b[i] as number)), parameter).toBeLessThanOrEqual(tolerance);
    }
  });
});

describe('a saved folder', () => {
  test('gives the same model again, bit for bit, before and after an engine has had it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
    const model = BertForSequenceClassification.fromConfig(BertConfig.fromJson(toyConfig, 'toy'), { seed: 3 });
    const before = (await model.weights.read()).data.slice();
    await model.weights.engine();
    await model.savePretrained(folder);
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors']);
    const again = await BertForSequenceClassification.fromPretrained(folder);
    expect((await again.weights.read()).data).toEqual(before);
    expect(again.config.architectures).toEqual(['BertForSequenceClassification']);
    await model.dispose();
  });

  test.each([
    ['float16', 2 ** -11, 'F16'],
    ['bfloat16', 2 ** -8, 'BF16'],
  ] as const)('in %s is half as large, and loads back within rounding', async (dtype, rounding, type) => {
    const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
    const model = BertForMaskedLM.fromConfig(BertConfig.fromJson({ ...toyConfig, torch_dtype: 'float32' }, 'toy'), {
      seed: 3,
    });
    await model.savePretrained(folder, { dtype });
    const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ dtype, torch_dtype: dtype });
    const file = await SafetensorsFile.open(join(folder, 'model.safetensors'));
    expect(file.names.map((name) => file.info(name).dtype)).toEqual(file.names.map(() => type));
    const again = await BertForMaskedLM.fromPretrained(folder);
    const { data } = await model.weights.read();
    const loaded = (await again.weights.read()).data;
    // Numbers below the least normal one of float16, 2^-14, have a fixed distance of 2^-24.
    const wrong = [...data].filter(
      (x, i) =>
        Math.abs((loaded[i] as number) - x) > Math.max(rounding * Math.abs(x), dtype === 'float16' ? 2 ** -25 : 0),
    );
    expect(wrong).toEqual([]);
    expect(loaded).not.toEqual(data);
    // Saved again in single precision, it says so and has the same numbers.
    await again.savePretrained(folder);
    expect(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))).toMatchObject({ dtype: 'float32' });
    const whole = await BertForMaskedLM.fromPretrained(folder);
    expect((await whole.weights.read()).data).toEqual(loaded);
  });

  test('tied weights are written once, under the embedding’s name', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
    await BertForMaskedLM.fromConfig(BertConfig.fromJson(toyConfig, 'toy')).savePretrained(folder);
    const { names } = await SafetensorsFile.open(join(folder, 'model.safetensors'));
    expect(names).toContain('bert.embeddings.word_embeddings.weight');
    expect(names.filter((name) => name.startsWith('cls.')).sort()).toEqual([
      'cls.predictions.bias',
      'cls.predictions.transform.LayerNorm.bias',
      'cls.predictions.transform.LayerNorm.weight',
      'cls.predictions.transform.dense.bias',
      'cls.predictions.transform.dense.weight',
    ]);
  });
});

describe('folders that hold no such model', () => {
  test('no weights; only a pickle', async () => {
    const folder = toyFolder();
    await expect(BertForMaskedLM.fromPretrained(folder)).rejects.toThrow('no model.safetensors');
    writeFileSync(join(folder, 'pytorch_model.bin'), 'PK');
    await expect(BertForMaskedLM.fromPretrained(folder)).rejects.toThrow('A pickle can run code, so it is not read');
  });

  test('shapes that do not fit, tensors of another model', async () => {
    const config = { typeVocabSize: 5 };
    await expect(BertForSequenceClassification.fromPretrained(loading('prefixed'), { config })).rejects.toThrow(
      /token_type_embeddings\.weight is \[2, \d+\], but config\.json makes [\w.]+ \[5/,
    );
  });

  test('sizes for which there is no memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...toyConfig, vocab_size: 2 ** 40 }));
    writeFileSync(join(folder, 'model.safetensors'), '');
    await expect(BertForMaskedLM.fromPretrained(folder)).rejects.toThrow(
      /config\.json: a model of these sizes has \d+ parameters, \d+ GB, and there is no memory for that/,
    );
  });
});
