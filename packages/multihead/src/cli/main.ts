/** @file The command `multihead`: runs the program, and ends as a shell expects. */
import { UserError } from '../platform/errors.js';
import { end, endBySignal, flushOutput, heedReader, signalOfWrite } from './exit.js';
import { makeProgram } from './program.js';
import { reportError } from './report-error.js';

let hasFailed = false;

/**
 * Reports the first error and exits. Later errors are ignored, such as those of flushing an output that cannot be written.
 * A failed write that reaches this function is one to standard output: errors of files carry the file's name already.
 */
async function fail(error: unknown): Promise<void> {
  if (hasFailed) return;
  hasFailed = true;
  const { syscall, message } = error as NodeJS.ErrnoException;
  const signal = signalOfWrite(error, process.stdout.isTTY);
  if (signal) endBySignal(signal);
  const told = syscall === 'write' ? new UserError(`standard output: ${message}`, { cause: error }) : error;
  const code = reportError(told, process.argv.includes('--verbose'));
  await flushOutput();
  process.exit(code);
}
heedReader(process.stdout, fail);
heedReader(process.stderr, () => process.exit(1)); // there is no place left to tell of it

// A failed write of the last line is reported after this turn of the event loop.
const program = await makeProgram();
program
  .parseAsync()
  .then(flushOutput)
  .then(() => setImmediate(end), fail);
