/**
 * @file The command `multihead`. Each command's code is loaded when it is called: help answers before the engine is there.
 */
import { Command } from 'commander';
import { UserError } from '../platform/errors.js';
import { addCompareCommand } from './commands/compare/compare-command.js';
import { addConvertCommand } from './commands/convert/convert-command.js';
import { addEmbedCommand } from './commands/embed/embed-command.js';
import { addGenerateCommand } from './commands/generate/generate-command.js';
import { addInfoCommand } from './commands/info/info-command.js';
import { addMergeCommand } from './commands/merge/merge-command.js';
import { addPerplexityCommand } from './commands/perplexity/perplexity-command.js';
import { addPretrainCommand } from './commands/pretrain/pretrain-command.js';
import { addTokenizerCommand } from './commands/tokenizer/tokenizer-command.js';
import { end, endBySignal, heedReader, signalOfWrite } from './ending.js';
import { orderComplaints } from './options/command-errors.js';
import { addDevices } from './options/device-option.js';
import { addOtherSpellings } from './options/flag-names.js';
import { addDataSources } from './options/resolve-hub-data.js';
import { addModelSources } from './options/resolve-hub-model.js';
import { addTaskCommand } from './options/task-commands.js';
import { reportError } from './report-error.js';
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
