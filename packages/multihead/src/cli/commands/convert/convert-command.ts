/** @file `multihead convert`: its options. */
import type { Command } from 'commander';
import { verboseOption } from '../../options/common-options.js';

/** Adds the arguments and options of the command. */
export function setConvertCommand(command: Command): void {
  command
    .command('llama2c')
    .description('convert a checkpoint of llama2.c (its first layout, float32)')
    .requiredOption('--checkpoint <file>', 'the weights, such as stories260K.bin')
    .requiredOption('--tokenizer <file>', 'the tokenizer, such as tok512.bin')
    .requiredOption('--output <folder>', 'output folder')
    .option('--overwrite', 'replace an existing model')
    .addOption(verboseOption())
    .action(async (options) => {
      const { convertLlama2c } = await import('./convert.js');
      await convertLlama2c(options);
    });
}
