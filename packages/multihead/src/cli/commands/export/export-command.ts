/** @file `multihead export`: its options. */
import type { Command } from 'commander';
import { deviceNames } from '../../../models/default-device.js';
import { dtypeHelp } from '../../../models/dtypes.js';
import { verboseOption } from '../../options/common-options.js';

/** Adds the options of the command. */
export function setExportCommand(command: Command): void {
  command
    .requiredOption('--model <folder>', "a model's or an adapter's folder, or its id on the hub")
    .requiredOption('--output <folder>', 'the folder to make')
    .option(
      '--dtype <names>',
      `number formats, a file each, with commas between: ${dtypeHelp} (default: fp32)`,
      parseDtypes,
    )
    .option(
      '--device <name>',
      `the device that the files are for: ${deviceNames.join(' or ')} (default: files for all devices that their dtypes have)`,
    )
    .option('--attentions', "each layer's attention weights are outputs too")
    .option('--evaluate <file>', 'labelled examples, on which the model and each file are evaluated')
    .option('--overwrite', 'replace a model that is there already')
    .addOption(verboseOption())
    .action(async ({ model, ...options }) => {
      const { exportFolder } = await import('./export.js');
      await exportFolder(model, options);
    });
}

/** Names with commas between; which there are, the library says. */
const parseDtypes = (text: string): string[] => text.split(',').map((name) => name.trim());
