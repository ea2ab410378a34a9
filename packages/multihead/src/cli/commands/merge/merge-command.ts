/** @file `multihead merge`: its options. */
import type { Command } from 'commander';
import { verboseOption } from '../../options/common-options.js';

/** Adds the arguments and options of the command. */
export function setMergeCommand(command: Command): void {
  command
    .argument(
      '<adapter>',
      "an adapter's folder, as training with --method lora and PEFT write it, or its id on the hub",
    )
    .requiredOption('--output <folder>', 'output folder')
    .option('--overwrite', 'replace an existing model')
    .option('--revision <name>', 'branch, tag or commit of an adapter from the hub (default: main)')
    .addOption(verboseOption())
    .action(async (adapter, options) => {
      const { fetched } = await import('../../options/resolve-hub-model.js');
      const { merge } = await import('./merge.js');
      await merge(await fetched(adapter, { revision: options.revision }), options);
    });
}
