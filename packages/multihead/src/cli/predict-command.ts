/** @file `multihead predict`: its options. */
import { Argument, type Command } from 'commander';
import { addQuestionAnsweringOptions, number, taskNames, verboseOption } from './options.js';

/** Adds the command. */
export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict')
    .description('use a trained model')
    .addArgument(new Argument('<task>', 'what the model has learned').choices([...taskNames, 'fill-mask']))
    .argument('[texts...]', 'text classification: the texts; fill-mask: texts with [MASK]')
    .requiredOption('--model <folder>', 'the trained model')
    .option('--question <text>', 'question answering: the question')
    .option('--context <text>', 'question answering: the text that holds the answer')
    .option(
      '--top-k <count>',
      'how many labels or answers to give (default: 1), or tokens for a mask (default: 5)',
      number,
    )
    .option(
      '--max-length <tokens>',
      'tokens a text may have (default: 128; question answering: 384; fill-mask: all that the model reads)',
      number,
    )
    .option('--json', 'print the predictions as JSON')
    .addOption(verboseOption());
  addQuestionAnsweringOptions(command).action(async (task, texts, options) => {
    const { predict } = await import('./predict.js');
    await predict(task, texts, options);
  });
}
