/** @file `multihead info`: its options. */
import type { Command } from 'commander';
import { verboseOption } from '../../options/common-options.js';

/** Adds the arguments and options of the command. */
export function setInfoCommand(command: Command): void {
  command
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
