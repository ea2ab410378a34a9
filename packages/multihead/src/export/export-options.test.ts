/** @file What the options of exportModel make: external data, attention weights, devices, evaluations. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, test } from 'vitest';
import { readClassificationExamples } from '../index.js';
import { AutoModelForSequenceClassification } from '../models/auto-model.js';
import type { PretrainedModel } from '../models/core/pretrained.js';
import { formsOf } from '../models/core/weights.js';
import type { DtypeName } from '../models/dtypes.js';
import { ModelProtoSchema } from '../onnx/generated/onnx_pb.js';
import { allModels, autoModelOf, smallConfig, wide } from '../testing/small-models.js';
import { AutoTokenizer } from '../text/tokenizer/auto-tokenizer.js';
import { exportModel, fileOf } from './export-model.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const [mini, miniGpt] = [join(root, 'models/mini'), join(root, 'models/mini-gpt')];
const folder = mkdtempSync(join(tmpdir(), 'multihead-export-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configOf = (output: string) => JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'));

describe('parameters that are larger than a file', () => {
  test('lie in as many files beside it as they need, which ONNX Runtime finds', async () => {
    const [whole, parted] = [join(folder, 'whole'), join(folder, 'parted')];
    const dtypes = ['fp32', 'q8'] as const;
    const [inOne] = await exportModel(mini, { output: whole, dtypes });
    const [file] = await exportModel(mini, { output: parted, dtypes, largestFile: 12e6 });
    expect(readdirSync(join(parted, 'onnx')).sort()).toEqual([
      ...['model.onnx', 'model.onnx_data', 'model.onnx_data_1', 'model.onnx_data_2', 'model_quantized.onnx'],
    ]);
    expect(configOf(parted)['transformers.js_config']).toEqual({
      dtype: 'fp32',
      use_external_data_format: { 'model.onnx': 3 },
    });
    expect(file?.error).toBe(inOne?.error);
    expect(Math.abs((file?.bytes as number) - (inOne?.bytes as number))).toBeLessThan(1e6);
    const ids = BigInt64Array.of(101n, 1996n, 103n, 102n);
    const tokens = (data: BigInt64Array) => new Tensor('int64', data, [1, 4]);
    const feeds = { input_ids: tokens(ids), attention_mask: tokens(ids.map(() => 1n)) };
    const logits = async (path: string) => {
      const session = await InferenceSession.create(join(path, 'onnx/model.onnx'));
      const given = { ...feeds, token_type_ids: tokens(ids.map(() => 0n)) };
      const found = await session.run(
        Object.fromEntries(session.inputNames.map((name) => [name, given[name as 'input_ids']])),
      );
      await session.release();
      return found.logits?.data;
    };
    expect(await logits(parted)).toEqual(await logits(whole));

    // Exported again, nothing of the parts is left.
    await exportModel(mini, { output: parted });
    expect(readdirSync(join(parted, 'onnx'))).toEqual(['model.onnx']);
    expect(configOf(parted)['transformers.js_config']).toEqual({ dtype: 'fp32' });
  });
});

test.each([
  ['an encoder', mini, ['logits']],
  ['a decoder', miniGpt, ['logits', 'present.0.key']],
])('attention weights of %s are outputs on request', async (_, model, others) => {
  const output = join(folder, 'attentions');
  await exportModel(model, { output, attentions: true, dtypes: ['q4'] });
  const session = await InferenceSession.create(join(output, 'onnx/model_q4.onnx'));
  const { num_hidden_layers: count = 4, n_layer = count } = configOf(output);
  const names = Array.from({ length: n_layer }, (_, i) => `attentions.${i}`);
  expect(session.outputNames).toEqual(expect.arrayContaining([...others, ...names]));
  await session.release();
});

describe('for a device', () => {
  /** ONNX Runtime's own operators that its WebGPU provider has kernels for (webgpu_contrib_kernels.cc), of those written here. */
  const ofWebgpu = ['MatMulNBits'];
  const dtypesOfWebgpu: readonly DtypeName[] = ['fp32', 'fp16', 'q4', 'q4f16'];

  test.each(allModels)('webgpu, %s %s: no operator that it lacks', async (modelType, head) => {
    const model: PretrainedModel = autoModelOf(head).fromConfig(smallConfig(modelType, wide));
    const forms = formsOf(await model.weights.read());
    for (const dtype of dtypesOfWebgpu) {
      const { bytes } = fileOf(model, dtype, forms, { device: 'webgpu' }).graph;
      const nodes = fromBinary(ModelProtoSchema, bytes).graph?.node ?? [];
      const own = nodes.filter(({ domain }) => domain !== '').map(({ opType }) => opType);
      expect(ofWebgpu).toEqual(expect.arrayContaining([...new Set(own)]));
      const standard = nodes.filter(({ domain }) => domain === '').map(({ opType }) => opType);
      for (const lacking of [
        'MatMulInteger',
        'DynamicQuantizeLinear',
        'LogSoftmax',
        'Or',
        'Sign',
        'SimplifiedLayerNormalization',
      ])
        expect(standard).not.toContain(lacking);
    }
  });

  test('a dtype whose operators it lacks is refused; config.json names the device', async () => {
    const output = join(folder, 'webgpu');
    await expect(exportModel(mini, { output, device: 'webgpu', dtypes: ['fp32', 'q8'] })).rejects.toThrow(
      `device webgpu lacks operators of dtype q8; it has those of ${dtypesOfWebgpu.join(', ')}`,
    );
    await expect(exportModel(mini, { output, device: 'gpu' as 'cpu' })).rejects.toThrow('there is no device "gpu"');
    await exportModel(mini, { output, device: 'webgpu', dtypes: ['fp16'] });
    expect(configOf(output)['transformers.js_config']).toEqual({ dtype: 'fp16', device: 'webgpu' });
  });
});

test('labelled examples evaluate the model and each file', async () => {
  const examples = join(root, 'examples/data/support-intents.test.tsv');
  const labels = [...new Set((await readClassificationExamples(examples)).map(({ label }) => label as string))];
  const model = await AutoModelForSequenceClassification.fromPretrained(mini, {
    config: { id2label: labels },
    seed: 1,
  });
  const [classifier, output] = [join(folder, 'classifier'), join(folder, 'evaluated')];
  await model.savePretrained(classifier);
  const tokenizer = await AutoTokenizer.fromPretrained(mini);
  for (const [name, text] of Object.entries(tokenizer.files())) writeFileSync(join(classifier, name), text);
  await model.dispose();
  const files = await exportModel(classifier, { output, dtypes: ['fp32', 'fp16'], evaluate: examples });
  const [fp32, fp16] = files.map(({ evaluation }) => evaluation);
  expect(fp32?.metric).toBe('accuracy');
  expect(fp32?.value).toBe(fp32?.ofModel);
  expect(fp32?.value).toBeGreaterThan(0);
  expect(Math.abs((fp16?.value as number) - (fp32?.value as number))).toBeLessThan(0.05);
  expect(files.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
  await expect(exportModel(mini, { output, evaluate: examples })).rejects.toThrow('no task evaluates BertForMaskedLM');
});
