/** @file `multihead info`: its options. */
import type { Command } from 'commander';
import { verboseOption } from './options.js';

/** Adds the command. */
export function addInfoCommand(program: Command): void {
  program
    .command('info')
    .description('say what a model folder holds')
    .argument('<folder>', "a folder in Hugging Face's layout")
    .option('--json', 'print it as JSON')
    .addOption(verboseOption())
    .action(async (folder, options) => {
      const { info } = await import('./info.js');
      await info(folder, options);
    });
}
