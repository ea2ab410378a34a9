/** @file `multihead chat`: its options. */
import type { Command } from 'commander';
import { generationSchema } from '../../../inference/generation/generation-schema.js';
import { describeOptions } from '../../../platform/option-schemas.js';
import { verboseOption } from '../../options/common-options.js';
import { dtypeOption } from '../../options/dtype-option.js';
import { schemaFlags } from '../../options/schema-options.js';
import { answerLimit } from './conversation.js';

const help = `
In a terminal: /clear begins a new conversation, /system TEXT changes the instructions, /exit or Ctrl-D ends. Ctrl-C stops an answer; a second
one ends. From a pipe, each line is a message, and each answer is followed by a line end.

Examples:
  multihead chat --model CHAT_MODEL --system "You answer in one sentence."
  echo "What is gravity?" | multihead chat --model CHAT_MODEL --max-new-tokens 100`;

/** Options of text generation that make several texts at a time, of which a conversation has no use. */
const several: readonly string[] = ['numBeams', 'numReturnSequences', 'lengthPenalty', 'earlyStopping'];

/** Adds the options of the command. */
export function setChatCommand(command: Command): void {
  command
    .requiredOption('--model <folder>', "a model that was trained on conversations, a folder in Hugging Face's layout")
    .option('--system <text>', 'instructions that stand before the conversation');
  for (const option of describeOptions(generationSchema).filter(({ name }) => !several.includes(name))) {
    const usual = option.name === 'maxNewTokens' ? `${answerLimit}, or as many as there is room for` : undefined;
    for (const flag of schemaFlags(option, usual === undefined ? {} : { usual })) command.addOption(flag);
  }
  command
    .addOption(dtypeOption())
    .addOption(verboseOption())
    .addHelpText('after', help)
    .action(async (options) => {
      const { chat } = await import('./chat.js');
      await chat(options);
    });
}
