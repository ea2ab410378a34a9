/** @file An objective of a program's own: the command has a flag for its option, and trains with it. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  CausalLanguageModeling,
  corpusSource,
  defineObjective,
  objectiveNamed,
  registerObjective,
} from '../../../index.js';
import { toyFolder } from '../../../testing/toy.js';
import { pretrain } from './pretrain.js';
import { setPretrainCommand } from './pretrain-command.js';

test('is a row: its flag, its check, its features and its head', async () => {
  const sizes: number[] = [];
  const halves = defineObjective({
    name: 'halves',
    description: 'causal language modeling of shorter blocks',
    options: z.object({ blockRatio: z.number().gt(0).max(1).default(0.5).describe('of the block size') }),
    models: () => ({ head: 'CausalLM', trainedBy: 'halves' }),
    prepare: ({ options: { blockRatio } }) => {
      const task = new CausalLanguageModeling();
      return {
        task,
        featuresOf: (tokens, blockSize) => {
          sizes.push(blockSize * blockRatio);
          return corpusSource(tokens, task, { blockSize: blockSize * blockRatio });
        },
      };
    },
    tryIt: objectiveNamed('text-generation').tryIt,
  });
  registerObjective(halves);
  expect(() => registerObjective(halves)).toThrow('there is an objective "halves" already');

  const command = new Command('pretrain');
  setPretrainCommand(command);
  expect(command.helpInformation()).toMatch(/--block-ratio <number> +halves: of the block size \(default: 0.5\)/);
  expect(command.helpInformation()).toContain('halves, causal language modeling of shorter blocks');

  const folder = mkdtempSync(join(tmpdir(), 'multihead-objective-'));
  writeFileSync(join(folder, 'text.txt'), 'the film is very good\n\n'.repeat(40));
  const gpt = { model_type: 'gpt2', vocab_size: 60, n_positions: 32, n_embd: 8, n_layer: 1, n_head: 2 };
  writeFileSync(join(folder, 'gpt.json'), JSON.stringify({ ...gpt, bos_token_id: 0, eos_token_id: 0 }));
  const options = {
    corpus: [join(folder, 'text.txt')],
    config: join(folder, 'gpt.json'),
    tokenizer: toyFolder(),
    blockSize: 16,
    output: join(folder, 'run'),
    maxSteps: 2,
    validationShare: 0,
    loggingStrategy: 'no' as const,
    json: true,
  };
  await expect(pretrain('halves', { ...options, mlmProbability: 0.1 } as never)).rejects.toThrow(
    '--mlm-probability is an option of fill-mask, not of halves',
  );
  await pretrain('halves', { ...options, blockRatio: 0.25 } as never);
  expect(sizes).toEqual([4]);
  expect(JSON.parse(readFileSync(join(folder, 'run', 'config.json'), 'utf8'))).toMatchObject({ model_type: 'gpt2' });
});
