/** @file Other spellings of flags set the same options; slips are told with the likely flag, before anything else. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { generationSchema } from '../../inference/generation/generation-schema.js';
import { describeOptions } from '../../platform/option-schemas.js';
import { multihead } from '../../testing/multihead.js';
import { toyFolder } from '../../testing/toy.js';
import { number } from './common-options.js';
import { addConfigFileOption } from './config-file.js';
import { addOtherSpellings, inFlags } from './flag-names.js';
import { schemaFlags } from './schema-options.js';

function parsed(...args: string[]): Record<string, unknown> {
  const command = addConfigFileOption(new Command('train').exitOverride())
    .requiredOption('--output <folder>', 'where')
    .option('--epochs <count>', 'passes', number)
    .option('--batch-size <count>', 'size', number)
    .option('--eval-batch-size <count>', 'size', number)
    .option('--overwrite', 'replace')
    .addOption(new Option('--eval-strategy <when>', 'when').choices(['no', 'epoch']))
    .option('--corpus <files...>', 'texts');
  addOtherSpellings(command);
  command.parse(args, { from: 'user' });
  return command.opts();
}

describe('names of Hugging Face Transformers', () => {
  test.each([
    ['--num-train-epochs', '--per-device-train-batch-size', '--per-device-eval-batch-size', '--output-dir'],
    ['--num_train_epochs', '--per_device_train_batch_size', '--per_device_eval_batch_size', '--output_dir'],
  ])('set our options: %s', (epochs, size, evalSize, output) => {
    const given = [epochs, '2', size, '16', `${evalSize}=64`, output, 'runs/a', '--overwrite_output_dir'];
    expect(parsed(...given)).toEqual({
      epochs: 2,
      batchSize: 16,
      evalBatchSize: 64,
      output: 'runs/a',
      overwrite: true,
    });
  });

  test('are checked as ours are', () => {
    expect(() => parsed('--output', 'x', '--evaluation_strategy', 'never')).toThrow('Allowed choices are no, epoch');
    expect(() => parsed('--output', 'x', '--num_train_epochs', 'many')).toThrow('"many" is not a number');
  });

  test('lists collect over both spellings', () => {
    expect(parsed('--output', 'x', '--corpus', 'a', 'b', '--train_file', 'c')).toMatchObject({
      corpus: ['a', 'b', 'c'],
    });
  });

  test('stand in a config file, too, in every spelling', () => {
    const path = join(toyFolder(), 'run.json');
    writeFileSync(
      path,
      '{ "num_train_epochs": 2, "perDeviceTrainBatchSize": 4, "output-dir": "runs/b", "eval_strategy": "no" }',
    );
    const { epochs, batchSize, output, evalStrategy } = parsed('--config-file', path);
    expect({ epochs, batchSize, output, evalStrategy }).toEqual({
      epochs: 2,
      batchSize: 4,
      output: 'runs/b',
      evalStrategy: 'no',
    });
  });

  test('do not show in the help', () => {
    const { stdout } = multihead('train', '--help');
    expect(stdout).toContain('--epochs');
    expect(stdout).not.toMatch(/num[-_]train|batch_size/);
  });
});

describe('what is complained of', () => {
  test.each<[string, string[], RegExp]>([
    [
      'a mistyped flag before missing ones',
      ['train', 'text-classification', '--trian', 'x.csv'],
      /unknown option '--trian'\n\(Did you mean --train\?\)/,
    ],
    [
      'a mistyped task before missing flags',
      ['train', 'text-clasification'],
      /Allowed choices are .*Did you mean text-classification\?/,
    ],
    ['a mistyped task of predict', ['predict', 'fillmask', 'x'], /Did you mean fill-mask\?/],
    ['a mistyped task of pretrain', ['pretrain', 'text-generaton'], /Did you mean text-generation\?/],
    ['a mistyped command', ['evalute'], /Did you mean evaluate\?/],
    [
      'what is missing, last',
      ['train', 'text-classification', '--train', 'x.csv'],
      /required option '--output <folder>' not specified/,
    ],
    [
      'what Transformers has in another way',
      ['train', 'text-classification', '--resume_from_checkpoint', 'x'],
      /\(Here: --resume, which finds/,
    ],
    ['a short name of a flag', ['train', 'text-classification', '--lr', '1e-4'], /'--lr'\n\(Here: --learning-rate\.\)/],
    [
      'a file without its flag',
      ['train', 'text-classification', 'x.csv', '--output', 'y', '--train', 'x.csv'],
      /too many arguments.*\n\(In multihead train, files are given by --train FILE and --eval FILE\.\)/,
    ],
    [
      'a prompt without its flag',
      ['generate', 'It was', '--model', 'x'],
      /\(In multihead generate, .* --prompt "\.\.\."/,
    ],
    ['what a command is called elsewhere', ['fine-tune', 'x'], /unknown command 'fine-tune'\n\(Did you mean train\?\)/],
  ])('%s', (_, args, message) => {
    const { status, stderr } = multihead(...args);
    expect(stderr).toMatch(message);
    expect(status).not.toBe(0);
  });

  test('sentiment-analysis is text-classification', () => {
    const { stderr } = multihead('evaluate', 'sentiment-analysis', '--model', 'nowhere/at/all', '--data', 'none.csv');
    expect(stderr).toContain('nowhere/at/all: no such folder');
  });
});

describe("the library's messages", () => {
  const command = new Command('train')
    .option('--seed <number>')
    .option('--data <file>')
    .option('--lora-rank <number>')
    .option('--json')
    .option('--use-dora')
    .option('--no-length-bucketing');
  command.option('--save-steps <count>').option('--save-strategy <when>').option('--optim-args <settings>');
  for (const option of describeOptions(generationSchema).filter(({ name }) => name === 'noRepeatNgramSize'))
    for (const flag of schemaFlags(option)) command.addOption(flag);
  addOtherSpellings(command);

  test.each([
    ['saveStrategy is steps; saveSteps must say how many', '--save-strategy is steps; --save-steps must say how many'],
    ['saveSteps (5) needs evaluation examples', '--save-steps (5) needs evaluation examples'],
    ['optimArgs.beta is 2', '--optim-args beta is 2'],
    ['optimArgs: momentum is 2', '--optim-args: momentum is 2'],
    ['seed is 0.5; it must be a whole number', '--seed is 0.5; it must be a whole number'],
    ['lora.rank is 0', '--lora-rank is 0'],
    ['lora.useDora is false', '--use-dora is false'],
    ['noRepeatNgramSize is -1', '--no-repeat-ngram-size is -1'],
    ['lengthBucketing is "no"', '--length-bucketing is "no"'],
    ["give `data: 'x.csv'`, or `data`", 'give --data x.csv, or --data'],
    ['`lengthBucketing: false` or `json: true`', '--no-length-bucketing or --json'],
    ["name `data: ['a', 'b']`", 'name --data a,b'],
    ["name `data: ['a b', 'c']`", "name --data 'a b,c'"],
    ["`other: 'x'` and `label`", "`other: 'x'` and `label`"],
    // What is no name of an option stays.
    ['the seed and the data of saveSteps.csv', 'the seed and the data of saveSteps.csv'],
    ['"saveSteps" is no label; data are missing', '"saveSteps" is no label; data are missing'],
    ['in config.json: no', 'in config.json: no'],
    ['runs/saveSteps: no such folder', 'runs/saveSteps: no such folder'],
  ])('%s', (message, expected) => expect(inFlags(message, command)).toBe(expected));
});
