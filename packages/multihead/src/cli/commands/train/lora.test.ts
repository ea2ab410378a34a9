/** @file LoRA on the command line: an adapter is trained, described, used and merged, with the real program. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { BertConfig, BertForMaskedLM } from '../../../index.js';
import { multihead } from '../../../testing/multihead.js';
import { toyConfig, toyFolder } from '../../../testing/toy.js';

let folder: string;
const at = (name: string) => join(folder, name);

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
    ...{ peft_type: 'LORA', task_type: 'SEQ_CLS', r: 2, lora_alpha: 4, use_dora: true },
    ...{ base_model_name_or_path: at('base'), target_modules: ['query', 'value'] },
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
