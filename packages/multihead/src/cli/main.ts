/**
 * @file The command `multihead`. Each command's code is loaded when it is called: help answers before the engine is there.
 */
import { Command } from 'commander';
import { UserError } from '../errors.js';
import { addCompareCommand } from './compare-command.js';
import { addConvertCommand } from './convert-command.js';
import { addDataSources } from './data-source.js';
import { addEmbedCommand } from './embed-command.js';
import { addEvaluateCommand } from './evaluate-command.js';
import { reportError } from './failure.js';
import { addGenerateCommand } from './generate-command.js';
import { addInfoCommand } from './info-command.js';
import { addModelSources } from './model-source.js';
import { addPerplexityCommand } from './perplexity-command.js';
import { addPredictCommand } from './predict-command.js';
import { addPretrainCommand } from './pretrain-command.js';
import { addTokenizerCommand } from './tokenizer-command.js';
import { addTrainCommand } from './train-command.js';
import { version } from './version.js';

/** The exit code of a program that SIGPIPE ended. */
const brokenPipe = 141;

const program = new Command('multihead')
  .description('Attention models in TypeScript: train, evaluate and use transformers')
  .version(version)
  .option('--verbose', 'show stack traces of errors')
  .showHelpAfterError('(multihead COMMAND --help tells what there is)');

addTrainCommand(program);
addPretrainCommand(program);
addEvaluateCommand(program);
addCompareCommand(program);
addPredictCommand(program);
addEmbedCommand(program);
addGenerateCommand(program);
addPerplexityCommand(program);
addInfoCommand(program);
addTokenizerCommand(program);
addConvertCommand(program);
addModelSources(program);
addDataSources(program);

/** Ends with an error. Files have theirs told by name; one of writing that comes here is that of standard output. */
function fail(error: unknown): never {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  // Who reads our output may have had enough, as `head` has: then there is no more to do, and nothing to complain of.
  if (code === 'EPIPE') process.exit(brokenPipe);
  const told = syscall === 'write' ? new UserError(`standard output: ${message}`, { cause: error }) : error;
  process.exit(reportError(told, process.argv.includes('--verbose')));
}
process.stdout.on('error', fail);

// That the last line could not be written is told after this turn of the loop.
program.parseAsync().then(() => setImmediate(() => process.exit(process.exitCode ?? 0)), fail);
