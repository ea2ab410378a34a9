/** @file `multihead perplexity`: its options. */
import type { Command } from 'commander';
import { number, verboseOption } from '../../options/common-options.js';

/** Adds the command. */
export function addPerplexityCommand(program: Command): void {
  program
    .command('perplexity')
    .description('measure the perplexity of a causal language model on a text')
    .argument('<file>', 'a text file')
    .requiredOption('--model <folder>', "the model, a folder in Hugging Face's layout")
    .option('--max-length <tokens>', "tokens that the model sees at a time (default: the model's positions)", number)
    .option('--stride <tokens>', 'tokens by which the window moves (default: half of --max-length)', number)
    .option('--json', 'print one JSON object')
    .addOption(verboseOption())
    .action(async (file, options) => {
      const { perplexity } = await import('./perplexity.js');
      await perplexity(file, options);
    });
}
