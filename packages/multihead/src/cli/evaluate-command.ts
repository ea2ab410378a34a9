/** @file `multihead evaluate`: its options. */
import type { Command } from 'commander';
import { taskArgument } from './command-errors.js';
import { addDataOptions, sources } from './data-options.js';
import { addQuestionAnsweringOptions, number, otherTaskNames, taskNames, verboseOption } from './options.js';

/** Adds the command. */
export function addEvaluateCommand(program: Command): void {
  const command = program
    .command('evaluate')
    .description(
      'measure a trained model on examples; one that is interrupted starts anew, as its scores are of all examples together',
    )
    .addArgument(taskArgument('what the model has learned', taskNames, otherTaskNames))
    .requiredOption('--model <folder>', 'the trained model')
    .requiredOption('--data <file>', `examples: ${sources}`)
    .option('--batch-size <count>', 'examples a batch (default: 32)', number)
    .option('--max-length <tokens>', 'tokens a text may have (default: 128; question answering: 384)', number)
    .option('--report <folder>', 'write report.json, report.html and predictions.jsonl into this folder')
    .option('--overwrite', 'replace the report that the folder holds')
    .option('--json', 'print the scores as one JSON object')
    .addOption(verboseOption());
  addQuestionAnsweringOptions(addDataOptions(command)).action(async (task, options) => {
    const { evaluate } = await import('./evaluate.js');
    await evaluate(task, options);
  });
}
