/** @file `multihead evaluate`: its options. */
import type { Command } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';
import { addDataOptions, sources } from '../../options/data-options.js';
import { addTaskOptions, maxLengthHelp, registryArgument } from '../../options/task-options.js';

/** Adds the arguments and options of the command. */
export function setEvaluateCommand(command: Command): void {
  command
    .addArgument(registryArgument('what the model has learned'))
    .requiredOption('--model <folder>', 'the trained model')
    .requiredOption('--data <file>', `examples: ${sources}`)
    .option('--batch-size <count>', 'examples a batch (default: 32)', number)
    .option('--max-length <tokens>', maxLengthHelp(), number)
    .option('--report <folder>', 'write report.json, report.html and predictions.jsonl into this folder')
    .option(
      '--resume',
      'with --report: continue after the predictions that an interrupted evaluation has left (in ' +
        'predictions.jsonl.partial); same model, data and settings',
    )
    .option('--overwrite', 'replace the report that the folder holds, and start anew in spite of such predictions')
    .option('--json', 'print the scores as one JSON object')
    .addOption(verboseOption());
  addTaskOptions(addDataOptions(command), ['reading', 'settings']).action(async (task, options) => {
    const { evaluate } = await import('./evaluate.js');
    await evaluate(task, options);
  });
}
