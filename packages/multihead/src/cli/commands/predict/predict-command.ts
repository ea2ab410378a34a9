/** @file `multihead predict`: its options. */
import type { Command } from 'commander';
import { pipelinesWithCommands } from '../../../inference/registry.js';
import { tasks } from '../../../tasks/registry.js';
import { number, verboseOption } from '../../options/common-options.js';
import { addDataOptions, sources } from '../../options/data-options.js';
import { dtypeOption } from '../../options/dtype-option.js';
import { addTaskOptions, maxLengthHelp, registryArgument } from '../../options/task-options.js';

/** Adds the arguments and options of the command. */
export function setPredictCommand(command: Command): void {
  const own = pipelinesWithCommands();
  command
    .addArgument(
      registryArgument(
        'the task',
        own.map(({ name }) => name),
      ),
    )
    .argument(
      '[texts...]',
      `${tasks()
        .flatMap(({ title, commands }) => (commands.texts ? `${title}: ${commands.texts}; ` : []))
        .join('')}${own.map(({ name, commands }) => `${name}: ${commands?.texts}`).join('; ')}`,
    )
    .requiredOption('--model <folder>', 'the trained model')
    .option('--data <file>', `texts or questions: ${sources}`)
    .option(
      '--output <file>',
      'with --data: file for the predictions, one JSON object per line (default: standard output); start and end of answers are in code points, as in Python',
    )
    .option(
      '--resume',
      'with --output: continue an interrupted command, whose predictions are in FILE.partial, with the same model, ' +
        'data and settings',
    )
    .option('--overwrite', 'with --output: discard predictions of an interrupted command')
    .option(
      '--top-k <count>',
      ['number of labels or answers to return (default: 1)', ...own.map(({ commands }) => commands?.topK)].join(
        ', or ',
      ),
      number,
    )
    .option(
      '--max-length <tokens>',
      `${maxLengthHelp().slice(0, -1)}${own.map(({ name, commands }) => `; ${name}: ${commands?.maxLength}`).join('')})`,
      number,
    )
    .option('--json', 'print the predictions as JSON; start and end of answers are in code points, as in Python')
    .addOption(dtypeOption())
    .addOption(verboseOption());
  addTaskOptions(addDataOptions(command), ['reading', 'settings', 'inputs']).action(async (task, texts, options) => {
    const { predict } = await import('./predict.js');
    await predict(task, texts, options);
  });
}
