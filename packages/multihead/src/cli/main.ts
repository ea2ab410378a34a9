/**
 * @file The command `multihead`. Each command's code is loaded when it is called: help answers before the engine is there.
 */
import { Command } from 'commander';
import { UserError } from '../platform/errors.js';
import { orderComplaints } from './command-errors.js';
import { addCompareCommand } from './compare-command.js';
import { addConvertCommand } from './convert-command.js';
import { addDataSources } from './data-source.js';
import { addDevices } from './device-option.js';
import { addEmbedCommand } from './embed-command.js';
import { end, endBySignal, heedReader, signalOfWrite } from './ending.js';
import { reportError } from './failure.js';
import { addOtherSpellings } from './flag-names.js';
import { addGenerateCommand } from './generate-command.js';
import { addInfoCommand } from './info-command.js';
import { addMergeCommand } from './merge-command.js';
import { addModelSources } from './model-source.js';
import { addPerplexityCommand } from './perplexity-command.js';
import { addPretrainCommand } from './pretrain-command.js';
import { addTaskCommand } from './task-commands.js';
import { addTokenizerCommand } from './tokenizer-command.js';
import { version } from './version.js';

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
addModelSources(program);
addDevices(program);
addDataSources(program);
addOtherSpellings(program);
orderComplaints(program);

/** Ends with an error. Files have theirs told by name; one of writing that comes here is that of standard output. */
function fail(error: unknown): never {
  const { syscall, message } = error as NodeJS.ErrnoException;
  const signal = signalOfWrite(error, process.stdout.isTTY);
  if (signal) endBySignal(signal);
  const told = syscall === 'write' ? new UserError(`standard output: ${message}`, { cause: error }) : error;
  process.exit(reportError(told, process.argv.includes('--verbose')));
}
heedReader(process.stdout, fail);
heedReader(process.stderr, () => process.exit(1)); // there is no place left to tell of it

// That the last line could not be written is told after this turn of the loop.
program.parseAsync().then(() => setImmediate(end), fail);
