/** @file `multihead convert`: a command for each importer, and its options. */
import { type Command, Option } from 'commander';
import { verboseOption } from '../../options/common-options.js';
import { importers } from './importers/registry.js';

/** Adds the arguments and options of the command. */
export function setConvertCommand(command: Command): void {
  for (const importer of importers) {
    const added = command.command(importer.name).description(importer.description);
    for (const { flags, description, isRequired, choices } of importer.options) {
      const option = new Option(flags, description).makeOptionMandatory(isRequired === true);
      added.addOption(choices ? option.choices([...choices]) : option);
    }
    added
      .requiredOption('--output <folder>', 'output folder')
      .option('--overwrite', 'replace an existing model')
      .addOption(verboseOption())
      .action(async (options) => {
        const { convert } = await import('./convert.js');
        await convert(importer, options);
      });
  }
}
