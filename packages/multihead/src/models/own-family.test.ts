/** @file A family that is registered from outside: Auto classes, training, pipelines and the command line know it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import {
  AutoConfig,
  AutoModel,
  AutoModelForMaskedLM,
  AutoModelForQuestionAnswering,
  AutoModelForSequenceClassification,
  AutoTokenizer,
  blockSource,
  classificationTask,
  lineBlocks,
  MaskedLanguageModeling,
  pipeline,
  type Tokenizer,
  Trainer,
  tokensInMemory,
} from '../index.js';
import { OwnConfig, OwnForMaskedLM, OwnForSequenceClassification } from '../testing/own-family.js';
import { toyFolder, toyRows } from '../testing/toy.js';

const json = {
  model_type: 'own-family',
  vocab_size: 19,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 1,
};
const config = OwnConfig.fromJson({ ...json, intermediate_size: 64, max_position_embeddings: 32, mixing: 2 }, 'here');
const labels = { id2label: ['disliked', 'liked'], numLabels: 2 };
const rows = toyRows(96);

let folder: string;
let tokenizer: Tokenizer;
beforeAll(async () => {
  folder = toyFolder();
  tokenizer = await AutoTokenizer.fromPretrained(folder);
});

/** Writes the tokenizer's files beside a model. */
function writeTokenizer(output: string): void {
  for (const [name, text] of Object.entries(tokenizer.files())) writeFileSync(join(output, name), text);
}

test('is made, saved and loaded by the Auto classes', async () => {
  const model = AutoModelForMaskedLM.fromConfig(config, { seed: 3 });
  expect(model).toBeInstanceOf(OwnForMaskedLM);
  const output = join(folder, 'saved');
  await model.savePretrained(output);
  expect(JSON.parse(readFileSync(join(output, 'config.json'), 'utf8'))).toMatchObject({
    model_type: 'own-family',
    mixing: 2,
    architectures: ['OwnForMaskedLM'],
  });
  expect(await AutoConfig.fromPretrained(output)).toMatchObject({ modelType: 'own-family', mixing: 2 });
  const loaded = await AutoModelForMaskedLM.fromPretrained(output);
  expect(loaded.loadingReport).toMatchObject({ newlyInitialized: [], unexpected: [] });
  expect((await loaded.weights.read()).data).toEqual((await model.weights.read()).data);
  expect((await AutoModel.fromPretrained(output)).constructor.name).toBe('OwnModel');
  await expect(AutoModelForQuestionAnswering.fromPretrained(output)).rejects.toThrow(
    'model_type is "own-family", of which there is no AutoModelForQuestionAnswering',
  );
});

test('learns to classify, and answers in a pipeline', async () => {
  const model = AutoModelForSequenceClassification.fromConfig({ ...config, ...labels } as typeof config);
  expect(model).toBeInstanceOf(OwnForSequenceClassification);
  const task = classificationTask(model.config, { tokenizer, maxLength: 32 });
  const settings = { epochs: 6, batchSize: 8, learningRate: 3e-3 };
  const trainer = new Trainer({ model, task, tokenizer, train: rows, evaluation: rows.slice(0, 24), ...settings });
  await trainer.train();
  expect((await trainer.evaluate()).metrics.accuracy).toBeGreaterThan(0.9);
  const output = join(folder, 'classifier');
  await model.savePretrained(output);
  writeTokenizer(output);
  const classify = await pipeline('text-classification', output);
  expect(await classify('the film is very good')).toMatchObject([{ label: 'liked' }]);
  expect(await classify('the film is very awful')).toMatchObject([{ label: 'disliked' }]);
});

test('learns to fill masks, and fills them in a pipeline', async () => {
  const model = AutoModelForMaskedLM.fromConfig(config);
  const task = new MaskedLanguageModeling({ tokenizer });
  const ids = await tokenizer.encodeIds(rows.map(({ text }) => text));
  const train = blockSource(lineBlocks(tokensInMemory(ids), { size: 30 }), task);
  const losses: number[] = [];
  const settings = { epochs: 10, batchSize: 8, learningRate: 3e-3 };
  const onEvent = (event: { type: string; loss?: number }) =>
    event.type === 'step' && losses.push(event.loss as number);
  await new Trainer({ model, task, tokenizer, train, ...settings, onEvent }).train();
  expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] as number));
  const output = join(folder, 'filler');
  await model.savePretrained(output);
  writeTokenizer(output);
  const fill = await pipeline('fill-mask', output);
  expect(await fill('the film [MASK] very good')).toHaveLength(5);
});

test('the command line trains it, predicts with it and tells of it', () => {
  const own = new URL('../testing/own-family.js', import.meta.url).href;
  const bin = fileURLToPath(new URL('../../bin/multihead.js', import.meta.url));
  const multihead = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', own, bin, ...args], {
      encoding: 'utf8',
    });
    expect(stderr + status).toMatch(/0$/);
    return stdout;
  };
  const at = (name: string) => join(folder, name);
  writeFileSync(at('own.json'), JSON.stringify(OwnConfig.toJson(config)));
  writeFileSync(at('text.txt'), rows.map(({ text }) => text).join('\n\n'));
  const short = ['--max-steps', '4', '--batch-size', '4'];
  multihead(
    ...['pretrain', 'fill-mask', '--config', at('own.json'), '--tokenizer', folder, '--corpus', at('text.txt')],
    ...['--output', at('pretrained'), '--block-size', '16', ...short],
  );
  multihead(
    ...['train', 'text-classification', '--model', at('pretrained'), '--train', at('train.tsv')],
    ...['--eval', at('eval.tsv'), '--output', at('trained'), '--freeze', '1', ...short],
  );
  expect(JSON.parse(readFileSync(join(at('trained'), 'report.json'), 'utf8'))).toBeTypeOf('object');
  expect(multihead('predict', 'text-classification', '--model', at('trained'), 'a fine film')).toMatch(/liked/);
  expect(multihead('info', at('trained'))).toContain('OwnForSequenceClassification');
});
