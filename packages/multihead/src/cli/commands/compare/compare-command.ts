/** @file `multihead compare`: its options. */
import type { Command } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';

const examples = `
Examples:
  multihead train ... --eval TEST.tsv --seed 1 --output runs/a
  multihead train ... --eval TEST.tsv --seed 2 --output runs/b
  multihead compare runs/a runs/b          both were evaluated on the same examples
  multihead evaluate text-classification --model runs/a --data TEST.tsv --report reports/a
  multihead evaluate text-classification --model runs/b --data TEST.tsv --report reports/b
  multihead compare reports/a reports/b --json`;

/** Adds the arguments and options of the command. */
export function setCompareCommand(command: Command): void {
  command
    .argument('<first>', 'folder of a run or report, with its predictions.jsonl')
    .argument('<second>', 'folder of the second run or report')
    .option('--resamples <count>', 'number of bootstrap resamples (default: 10000)', number)
    .option('--confidence <share>', 'confidence level of the interval (default: 0.95)', number)
    .option('--seed <number>', 'random seed (default: 0)', number)
    .option('--json', 'print one JSON object')
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (first, second, options) => {
      const { compare } = await import('./compare.js');
      await compare(first, second, options);
    });
}
