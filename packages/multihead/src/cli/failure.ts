/** @file How a command ends that cannot do what it was asked: a clear message, and an exit code that is not zero. */
import { UserError } from '../errors.js';
import { colorsFor } from './colors.js';

/** Prints an error to standard error; the stack only where it is asked for. Returns the exit code. */
export function reportError(error: unknown, verbose: boolean): number {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const isOurs = !(error instanceof UserError);
  console.error(`${colorsFor(process.stderr).red('error:')} ${verbose && stack ? stack : message}`);
  if (isOurs && !verbose)
    console.error('This looks like a fault of Multihead itself; --verbose shows where it happened.');
  return 1;
}
