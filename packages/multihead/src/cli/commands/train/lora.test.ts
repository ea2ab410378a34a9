/** @file LoRA on the command line: an adapter is trained, described, used and merged, with the real program. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  BertConfig,
  BertForMaskedLM,
  BertForSequenceClassification,
  CausalLanguageModeling,
  corpusSource,
  GPT2Config,
  GPT2LMHeadModel,
  pipeline,
  Trainer,
  tokensInMemory,
} from '../../../index.js';
import { byteTokenizer } from '../../../testing/byte-tokenizer.js';
import { multihead } from '../../../testing/multihead.js';
import { largestDifference } from '../../../testing/reference.js';
import { toyConfig, toyFolder } from '../../../testing/toy.js';

let folder: string;
const at = (name: string) => join(folder, name);
const made = (name: string): string => {
  mkdirSync(at(name), { recursive: true });
  return at(name);
};

beforeAll(async () => {
  folder = toyFolder();
  const model = BertForMaskedLM.fromConfig(BertConfig.fromJson(toyConfig, 'toy'), { seed: 1 });
  await model.savePretrained(at('base'));
  await model.dispose();
});

const train = (output: string, ...flags: string[]) =>
  multihead(
    ...['train', 'text-classification', '--model', at('base'), '--tokenizer', folder, '--train', at('train.tsv')],
    ...['--eval', at('eval.tsv'), '--output', at(output), '--max-steps', '6', '--learning-rate', '1e-2', ...flags],
  );

test('an adapter is trained, described, used as a model, and merged into one', () => {
  const { status, stdout, stderr } = train(
    'adapter',
    ...['--method', 'lora', '--lora-r', '2', '--lora_alpha', '4', '--target_modules', 'query,value', '--use-dora'],
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/1,\d\d\d trainable parameters \(\d+\.\d\d % of \d\d,\d\d\d\)/);
  expect(existsSync(at('adapter/model.safetensors'))).toBe(false);
  const written = JSON.parse(readFileSync(at('adapter/adapter_config.json'), 'utf8'));
  expect(written).toMatchObject({
    peft_type: 'LORA',
    task_type: 'SEQ_CLS',
    r: 2,
    lora_alpha: 4,
    use_dora: true,
    base_model_name_or_path: at('base'),
    target_modules: ['query', 'value'],
    modules_to_save: ['classifier', 'bert.pooler.dense'],
  });
  const facts = JSON.parse(multihead('info', at('adapter'), '--json').stdout);
  expect(facts).toMatchObject({ adapter: 'LoRA', base_model: at('base'), rank: 2, alpha: 4, dora: true });

  const predict = (model: string) =>
    multihead('predict', 'text-classification', '--model', at(model), '--json', 'the film is good').stdout;
  const { labels } = JSON.parse(predict('adapter'));
  expect(labels).toHaveLength(1);
  const merged = multihead('merge', at('adapter'), '--output', at('merged'));
  expect(merged).toMatchObject({ status: 0, stderr: '' });
  expect(merged.stdout).toContain('BertForSequenceClassification');
  expect(existsSync(at('merged/adapter_config.json'))).toBe(false);
  renameSync(at('base'), at('elsewhere'));
  const [of] = JSON.parse(predict('merged')).labels;
  expect(of.label).toBe(labels[0].label);
  expect(of.score).toBeCloseTo(labels[0].score, 5);
  // Without its base model an adapter is nothing; the error says where it was expected.
  const alone = multihead('predict', 'text-classification', '--model', at('adapter'), 'the film is good');
  expect(alone.stderr).toContain(`${at('adapter/adapter_config.json')}: the base model: ${at('base')}: no such folder`);
  renameSync(at('elsewhere'), at('base'));
  const onBase = multihead('merge', at('adapter'), '--output', at('base'), '--overwrite');
  expect(onBase.stderr).toContain(`${at('base')}: holds the base model of ${at('adapter')}`);
  expect(onBase.status).toBe(1);
  expect(predict('adapter')).toBe(JSON.stringify({ ...JSON.parse(predict('adapter')), labels }).concat('\n'));
  expect(multihead('merge', at('merged'), '--output', at('again')).stderr).toContain('holds no adapter');
  expect(multihead('merge', at('adapter'), '--output', at('merged')).stderr).toContain(
    'already holds model.safetensors',
  );
});

test.each([
  [
    ['--method', 'lora', '--lora-rank', '0'],
    "'--lora-rank <number>' argument '0' is invalid. It must be a whole number from 1.",
  ],
  [['--method', 'full', '--lora-rank', '2'], '--lora-rank is a setting of --method lora, not of full'],
  [['--method', 'lora', '--freeze', 'backbone'], 'leave freeze (backbone) out'],
  [['--method', 'laura'], 'Allowed choices are full, freeze, lora'],
])('%s is refused before anything is read', (flags, message) => {
  const { status, stderr } = train('refused', ...flags);
  expect(stderr).toContain(message);
  expect(status).not.toBe(0);
  expect(existsSync(at('refused'))).toBe(false);
});

describe('an adapter as --model', () => {
  beforeAll(async () => {
    for (const name of ['base', 'sentences']) copyFileSync(at('vocab.txt'), join(made(name), 'vocab.txt'));
    const config = BertConfig.fromJson({ ...toyConfig, id2label: { 0: 'disliked', 1: 'liked' } }, 'toy');
    const model = BertForSequenceClassification.fromConfig(config, { seed: 1 });
    await model.savePretrained(at('sentences'));
    await model.dispose();
    const { status, stderr } = multihead(
      ...[
        'train',
        'text-classification',
        '--model',
        at('sentences'),
        '--train',
        at('train.tsv'),
        '--output',
        at('tuned'),
      ],
      ...['--method', 'lora', '--lora-bias', 'all', '--max-steps', '12', '--learning-rate', '3e-2'],
    );
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(multihead('merge', at('tuned'), '--output', at('plain')).status).toBe(0);
    for (const name of ['tokenizer.json', 'tokenizer_config.json', 'vocab.txt', 'special_tokens_map.json']) {
      rmSync(join(at('tuned'), name), { force: true }); // its base model has them
    }
  });

  /** What a command says of the adapter, and of the plain model that it was merged into. */
  const both = (...args: string[]) =>
    ['tuned', 'plain', 'sentences'].map((model) => {
      const { status, stdout, stderr } = multihead(...args, '--model', at(model));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return stdout;
    }) as [string, string, string];

  const numbers = (text: string): number[] => [...text.matchAll(/-?\d+\.\d+(?:e-?\d+)?/g)].map(Number);

  test.each<[string, string[]]>([
    ['evaluate', ['evaluate', 'text-classification', '--data', 'DATA', '--json']],
    ['predict --data', ['predict', 'text-classification', '--data', 'DATA']],
    ['embed', ['embed', 'LINES']],
  ])('%s: as the merged model, and not as the base model', (_, args) => {
    writeFileSync(at('lines.txt'), 'the film is good\na book was bad\n');
    const files = args.map((arg) => ({ DATA: at('eval.tsv'), LINES: at('lines.txt') })[arg] ?? arg);
    const [adapter, merged, base] = both(...files).map((text) => numbers(text.replace(/"seconds":[\d.]+/, ''))) as [
      number[],
      number[],
      number[],
    ];
    expect(adapter.length).toBeGreaterThan(1);
    expect(merged).toHaveLength(adapter.length);
    expect(largestDifference(Float32Array.from(adapter), Float32Array.from(merged))).toBeLessThan(1e-4);
    expect(largestDifference(Float32Array.from(adapter), Float32Array.from(base))).toBeGreaterThan(1e-3);
  });

  test('in code, too: pipelines of its task and of its vectors', async () => {
    const [classify, plain] = [
      await pipeline('text-classification', at('tuned')),
      await pipeline('text-classification', at('plain')),
    ];
    const [[of], [same]] = [await classify('the film is good'), await plain('the film is good')];
    expect(of?.label).toBe(same?.label);
    expect(of?.score).toBeCloseTo(same?.score as number, 4);
    await Promise.all([classify.dispose(), plain.dispose()]);
  });
});

test('generate: an adapter of a decoder, which has tokenizer and generation_config.json of its base model', async () => {
  const model = GPT2LMHeadModel.fromConfig(
    GPT2Config.fromJson({ vocab_size: 257, n_embd: 16, n_layer: 1, n_head: 2, n_positions: 64 }, 'toy'),
    { seed: 5 },
  );
  await model.savePretrained(at('decoder'));
  await model.dispose();
  const tokenizer = byteTokenizer();
  const { inputIds: ids } = await tokenizer.encode('a');
  const a = ids[0] as number;
  for (const [name, text] of Object.entries(tokenizer.files())) writeFileSync(join(at('decoder'), name), text);
  writeFileSync(at('decoder/generation_config.json'), '{ "max_new_tokens": 5 }');
  const decoder = await GPT2LMHeadModel.fromPretrained(at('decoder'));
  const task = new CausalLanguageModeling();
  const train = corpusSource(tokensInMemory([Array.from({ length: 400 }, () => a)]), task, { blockSize: 16 });
  await new Trainer({
    model: decoder,
    task,
    tokenizer,
    train,
    output: at('decoder-lora'),
    maxSteps: 40,
    learningRate: 5e-2,
    lora: { rank: 4, targetModules: 'all-linear' },
  }).train();
  await decoder.dispose();
  for (const name of Object.keys(tokenizer.files())) rmSync(join(at('decoder-lora'), name), { force: true });
  const generated = (name: string) => {
    const { status, stdout, stderr } = multihead('generate', '--model', at(name), '--prompt', 'aa', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return (JSON.parse(stdout) as { tokenIds: number[] }).tokenIds;
  };
  expect(generated('decoder-lora')).toEqual([a, a, a, a, a]);
  expect(generated('decoder')).toHaveLength(5);
  expect(generated('decoder')).not.toEqual([a, a, a, a, a]);
});
