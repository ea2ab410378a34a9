/** @file `multihead predict`: its options. */
import type { Command } from 'commander';
import { taskArgument } from './command-errors.js';
import { addDataOptions, sources } from './data-options.js';
import { addQuestionAnsweringOptions, number, otherTaskNames, taskNames, verboseOption } from './options.js';

const questionHelp = {
  question: 'question answering: the question; with --data, its column',
  context: 'question answering: the text that holds the answer; with --data, its column',
};

/** Adds the command. */
export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict')
    .description('use a trained model')
    .addArgument(taskArgument('what the model has learned', [...taskNames, 'fill-mask'], otherTaskNames))
    .argument('[texts...]', 'text classification: the texts; fill-mask: texts with [MASK]')
    .requiredOption('--model <folder>', 'the trained model')
    .option('--pair <text>', 'text classification: the second text, of a model that has learned pairs')
    .option('--data <file>', `texts or questions: ${sources}`)
    .option(
      '--output <file>',
      'with --data: where the predictions go, a JSON object a line (default: standard output); start and end of answers count code points, as in Python',
    )
    .option(
      '--resume',
      'with --output: go on behind the predictions that an interrupted command has left (in FILE.partial) to what an ' +
        'unbroken one gives; same model, data and settings',
    )
    .option('--overwrite', 'with --output: start anew in spite of them')
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
    .option('--json', 'print the predictions as JSON; start and end of answers count code points, as in Python')
    .addOption(verboseOption());
  addQuestionAnsweringOptions(addDataOptions(command, questionHelp)).action(async (task, texts, options) => {
    const { predict } = await import('./predict.js');
    await predict(task, texts, options);
  });
}
