/** @file `multihead generate`: its options. */
import type { Command } from 'commander';
import { generationSchema } from '../../../inference/generation/generation-schema.js';
import { describeOptions } from '../../../platform/option-schemas.js';
import { verboseOption } from '../../options/common-options.js';
import { dtypeOption } from '../../options/dtype-option.js';
import { schemaFlags } from '../../options/schema-options.js';

const examples = `
Examples:
  multihead generate --model models/mini-gpt --prompt "It was" --max-new-tokens 100 --temperature 0.8 --top-p 0.95 --stream
  multihead generate --model models/mini-gpt --prompt-file PROMPT.txt --num-beams 4 --json`;

/** Adds the arguments and options of the command. */
export function setGenerateCommand(command: Command): void {
  command
    .requiredOption('--model <folder>', "the model, a folder in Hugging Face's layout")
    .option('--prompt <text>', 'beginning of the text; may be empty')
    .option('--prompt-file <file>', 'file with the beginning of the text; - reads standard input');
  for (const flag of describeOptions(generationSchema).flatMap((option) => schemaFlags(option)))
    command.addOption(flag);
  command
    .option('--no-return-full-text', 'print the new text without the prompt')
    .option('--stream', 'print the text as it is generated')
    .option('--json', 'print one JSON object per text')
    .addOption(dtypeOption())
    .addOption(verboseOption())
    .addHelpText('after', examples)
    .action(async (options) => {
      const { generate } = await import('./generate.js');
      await generate(options);
    });
}
