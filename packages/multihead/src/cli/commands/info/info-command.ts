/** @file `multihead info`: its options. */
import type { Command } from 'commander';
import { verboseOption } from '../../options/common-options.js';

/** Adds the command. */
export function addInfoCommand(program: Command): void {
  program
    .command('info')
    .description('show what a model folder holds')
    .argument('<model>', "a folder in Hugging Face's layout, or a model's id on the hub")
    .option('--revision <name>', 'branch, tag or commit of a model from the hub (default: main)')
    .option('--json', 'print it as JSON')
    .addOption(verboseOption())
    .action(async (model, options) => {
      const { fetched } = await import('../../options/resolve-hub-model.js');
      const { info } = await import('./info.js');
      await info(await fetched(model, { revision: options.revision, json: options.json }), options);
    });
}
