/** @file A chat model trained further by LoRA: only the adapter is written, and a conversation is held with it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chatFolder } from '../../../testing/chat-model.js';
import { multihead } from '../../../testing/multihead.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';

test('pretrain text-generation --method lora', async () => {
  const [model, folder] = [await chatFolder(), temporaryFolder()];
  const [corpus, output] = [join(folder, 'corpus.txt'), join(folder, 'adapter')];
  writeFileSync(corpus, Array.from({ length: 40 }, (_, i) => `It was the best of times, number ${i}.`).join('\n\n'));
  const settings = [
    '--method',
    'lora',
    '--lora-rank',
    '2',
    '--max-steps',
    '3',
    '--block-size',
    '32',
    '--output',
    output,
  ];
  const { stderr, status } = multihead(
    'pretrain',
    'text-generation',
    '--model',
    model,
    '--corpus',
    corpus,
    ...settings,
  );
  expect([stderr, status]).toEqual(['', 0]);
  expect(readdirSync(output)).toEqual(expect.arrayContaining(['adapter_config.json', 'adapter_model.safetensors']));
  expect(readdirSync(output)).not.toContain('model.safetensors');
  const adapter = JSON.parse(readFileSync(join(output, 'adapter_config.json'), 'utf8')) as object;
  expect(adapter).toMatchObject({ r: 2, task_type: 'CAUSAL_LM', base_model_name_or_path: model });
  const told = multihead('generate', '--model', output, '--prompt', 'It was', '--max-new-tokens', '4');
  expect([told.stderr, told.status]).toEqual(['', 0]);
});
