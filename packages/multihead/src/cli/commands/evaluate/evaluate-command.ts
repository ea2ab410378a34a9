/** @file `multihead evaluate`: its options. */
import type { Command } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';
import { addDataOptions, sources } from '../../options/data-options.js';
import { dtypeOption } from '../../options/dtype-option.js';
import { addTaskOptions, maxLengthHelp, registryArgument } from '../../options/task-options.js';

/** Adds the arguments and options of the command. */
export function setEvaluateCommand(command: Command): void {
  command
    .addArgument(registryArgument('the task'))
    .requiredOption('--model <folder>', 'the trained model')
    .requiredOption('--data <file>', `examples: ${sources}`)
    .option('--batch-size <count>', 'examples per batch (default: 32)', number)
    .option('--max-length <tokens>', maxLengthHelp(), number)
    .option('--report <folder>', 'write report.json, report.html and predictions.jsonl to this folder')
    .option(
      '--resume',
      'with --report: continue an interrupted evaluation, whose predictions are in ' +
        'predictions.jsonl.partial, with the same model, data and settings',
    )
    .option('--overwrite', 'replace the report in the folder, and discard predictions of an interrupted evaluation')
    .option('--json', 'print the scores as one JSON object')
    .addOption(dtypeOption())
    .addOption(verboseOption());
  addTaskOptions(addDataOptions(command), ['reading', 'settings']).action(async (task, options) => {
    const { evaluate } = await import('./evaluate.js');
    await evaluate(task, options);
  });
}
