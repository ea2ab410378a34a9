/** @file `multihead train`: its options. What it does is in train.ts, loaded when it is called. */
import type { Command } from 'commander';
import { tasks } from '../../../tasks/registry.js';
import { number } from '../../options/common-options.js';
import { addDataOptions, sources } from '../../options/data-options.js';
import { addMethodOptions } from '../../options/method-options.js';
import { addRunOptions } from '../../options/run-options.js';
import { addTaskOptions, maxLengthHelp, registryArgument } from '../../options/task-options.js';

const examples = (): string => `
Examples:
${tasks()
  .flatMap(({ commands }) => commands.examples.map((example) => `  ${example}`))
  .join('\n')}
  multihead train ... --output runs/intents --resume        resumes a stopped run`;

/** Adds the arguments and options of the command. */
export function setTrainCommand(command: Command): void {
  addTrainOptions(command)
    .addHelpText('after', examples())
    .action(async (task, options) => {
      const { train } = await import('./train.js');
      await train(task, options);
    });
}

/** Adds the task, and all options of training, which a search has, too. */
export function addTrainOptions(command: Command): Command {
  command
    .addArgument(registryArgument('the task'))
    .requiredOption('--train <file>', `training examples: ${sources}`)
    .option('--model <folder>', "pretrained model, a folder in Hugging Face's layout")
    .option('--from-scratch', 'start from random weights (needs --config and --tokenizer)')
    .option('--config <file>', 'config.json of a model to train from scratch')
    .option('--tokenizer <folder>', 'tokenizer of a model to train from scratch')
    .option('--eval <file>', 'evaluation examples, which also select the best model')
    .option(
      '--eval-split <share>',
      'fraction of the training examples to split off for evaluation, such as 0.1: of each label, or of whole contexts; ' +
        'with --streaming drawn by a hash of each text or context, so only approximate and not per label',
      number,
    )
    .option(
      '--streaming',
      "read the training examples on demand, in constant memory; not for SQuAD's JSON, which is one document",
    )
    .option('--max-length <tokens>', maxLengthHelp(), number);
  addMethodOptions(command);
  addRunOptions(command, {
    isFineTuning: true,
    usual: {
      epochs: '3; up to 10 for few examples',
      learningRate: '5e-5; 3e-4 for models below 15 M parameters',
    },
  });
  return addTaskOptions(addDataOptions(command), ['reading', 'training', 'settings']);
}
