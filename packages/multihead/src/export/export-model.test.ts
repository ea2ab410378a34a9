import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { PretrainedModel } from '../models/core/pretrained.js';
import { formsOf } from '../models/core/weights.js';
import { dtypeNames, dtypes } from '../models/dtypes.js';
import { allModels, autoModelOf, smallConfig, wide } from '../testing/small-models.js';
import { Comparison } from './comparison.js';
import { exportModel, fileOf } from './export-model.js';

const models = fileURLToPath(new URL('../../../../models/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'multihead-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const classifiers = allModels.filter(([, head]) => head === 'SequenceClassification');

describe('exportModel', () => {
  test('writes what transformers.js loads, within the bound of each dtype', async () => {
    const output = join(folder, 'mini');
    const files = await exportModel(join(models, 'mini'), { output, dtypes: ['fp32', 'q8'] });
    expect(files.map(({ name, dtype }) => [name, dtype])).toEqual([
      ['onnx/model.onnx', 'fp32'],
      ['onnx/model_quantized.onnx', 'q8'],
    ]);
    const [fp32, q8] = files as [(typeof files)[number], (typeof files)[number]];
    expect(fp32.error).toBeLessThan(1e-5);
    expect(q8.error).toBeLessThan(0.05);
    expect(q8.bytes / fp32.bytes).toBeLessThan(0.3);
    expect(readdirSync(output).sort()).toEqual([
      'config.json',
      'onnx',
      'special_tokens_map.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'vocab.txt',
    ]);
    const config = JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'));
    // Of the heads of pretraining, that of masked words.
    expect(config).toMatchObject({ architectures: ['BertForMaskedLM'], 'transformers.js_config': { dtype: 'fp32' } });

    // Exported again in one dtype, the other's file would lie there as if it were this model's.
    await exportModel(join(models, 'mini'), { output, dtypes: ['q8'] });
    expect(readdirSync(join(output, 'onnx'))).toEqual(['model_quantized.onnx']);
  });

  test.each(allModels)('%s %s: the file computes what the model does', async (modelType, head) => {
    const model: PretrainedModel = autoModelOf(head).fromConfig(smallConfig(modelType, wide), { seed: 3 });
    const comparison = await Comparison.begin(model, [[5], [6, 7, 8], [9, 10, 11, 12, 13, 14]]);
    const forms = formsOf(await model.weights.read());
    const whole = fileOf(model, 'fp32', forms).size;
    for (const dtype of dtypeNames) {
      const file = fileOf(model, dtype, forms);
      expect(await comparison.errorOf(file), dtype).toBeLessThan(dtypes[dtype].bound);
      if (dtype !== 'fp32') expect(file.size, dtype).toBeLessThan(0.7 * whole);
    }
    await Promise.all([comparison.close(), model.dispose()]);
  });

  test.each(classifiers)('%s: a classifier of means', async (modelType) => {
    const config = { ...smallConfig(modelType), classifierPooling: 'mean' };
    const model: PretrainedModel = autoModelOf('SequenceClassification').fromConfig(config, { seed: 3 });
    const comparison = await Comparison.begin(model, [[5], [6, 7, 8], [9, 10, 11, 12, 13, 14]]);
    const file = fileOf(model, 'fp32', formsOf(await model.weights.read()));
    expect(await comparison.errorOf(file)).toBeLessThan(dtypes.fp32.bound);
    await Promise.all([comparison.close(), model.dispose()]);
  });

  test('refuses an untrained head, an unknown dtype and an empty list, and writes nothing', async () => {
    const untrained = join(folder, 'untrained');
    cpSync(join(models, 'mini'), untrained, { recursive: true });
    const config = JSON.parse(readFileSync(join(untrained, 'config.json'), 'utf8'));
    writeFileSync(
      join(untrained, 'config.json'),
      JSON.stringify({ ...config, architectures: ['BertForTokenClassification'] }),
    );
    const output = join(folder, 'none');
    await expect(exportModel(untrained, { output })).rejects.toThrow(
      'lacks trained weights (classifier.weight, classifier.bias)',
    );
    await expect(exportModel(join(models, 'mini'), { output, dtypes: ['q3' as never] })).rejects.toThrow(
      `there are: ${dtypeNames.join(', ')}`,
    );
    await expect(exportModel(join(models, 'mini'), { output, dtypes: [] })).rejects.toThrow('dtypes is empty');
    expect(existsSync(output)).toBe(false);
  });
});
