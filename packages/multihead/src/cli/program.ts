/** @file The commands of `multihead`. Each one's code is loaded when it is called: help answers before the engine is there. */
import { Command } from 'commander';
import { addCompareCommand } from './commands/compare/compare-command.js';
import { addConvertCommand } from './commands/convert/convert-command.js';
import { addEmbedCommand } from './commands/embed/embed-command.js';
import { addGenerateCommand } from './commands/generate/generate-command.js';
import { addInfoCommand } from './commands/info/info-command.js';
import { addMergeCommand } from './commands/merge/merge-command.js';
import { addPerplexityCommand } from './commands/perplexity/perplexity-command.js';
import { addPretrainCommand } from './commands/pretrain/pretrain-command.js';
import { addTokenizerCommand } from './commands/tokenizer/tokenizer-command.js';
import { orderComplaints } from './options/command-errors.js';
import { addDevices } from './options/device-option.js';
import { addOtherSpellings, heedCalledCommand } from './options/flag-names.js';
import { resolveHubData } from './options/resolve-hub-data.js';
import { resolveHubModels } from './options/resolve-hub-model.js';
import { addTaskCommand } from './options/task-commands.js';
import { version } from './version.js';

/** Makes the program: all commands, those of tasks with the options that `process.argv` asks for. */
export async function makeProgram(): Promise<Command> {
  const program = new Command('multihead')
    .description('Attention models in TypeScript: train, evaluate and use transformers')
    .version(version)
    .option('--verbose', 'show stack traces of errors')
    .showHelpAfterError('(multihead COMMAND --help lists its arguments and options)');

  await addTaskCommand(program, 'train');
  addPretrainCommand(program);
  await addTaskCommand(program, 'evaluate');
  addCompareCommand(program);
  await addTaskCommand(program, 'predict');
  addEmbedCommand(program);
  addGenerateCommand(program);
  addPerplexityCommand(program);
  addInfoCommand(program);
  addTokenizerCommand(program);
  addConvertCommand(program);
  addMergeCommand(program);
  resolveHubModels(program);
  addDevices(program);
  resolveHubData(program);
  addOtherSpellings(program);
  orderComplaints(program);
  heedCalledCommand(program);
  return program;
}
