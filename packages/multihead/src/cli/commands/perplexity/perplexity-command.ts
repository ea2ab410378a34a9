/** @file `multihead perplexity`: its options. */
import type { Command } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';
import { dtypeOption } from '../../options/dtype-option.js';

/** Adds the arguments and options of the command. */
export function setPerplexityCommand(command: Command): void {
  command
    .argument('<file>', 'a text file')
    .requiredOption('--model <folder>', "the model, a folder in Hugging Face's layout")
    .option('--max-length <tokens>', "tokens per window (default: the model's positions)", number)
    .option('--stride <tokens>', 'tokens by which the window advances (default: half of --max-length)', number)
    .option('--json', 'print one JSON object')
    .addOption(dtypeOption())
    .addOption(verboseOption())
    .action(async (file, options) => {
      const { perplexity } = await import('./perplexity.js');
      await perplexity(file, options);
    });
}
