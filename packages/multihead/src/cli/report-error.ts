/** @file How a command ends that cannot do what it was asked: a clear message, and an exit code that is not zero. */

import { UserError } from '../platform/errors.js';
import { reasons } from '../platform/files/file-errors.js';
import { inFlags } from './options/flag-names.js';
import { colorsFor } from './output/colors.js';
import { forStream } from './output/print.js';

/** Prints an error to standard error; the stack only where it is asked for. Returns the exit code. */
export function reportError(error: unknown, verbose: boolean): number {
  const told = ofSurroundings(error) ?? error;
  const { message, stack } = told instanceof Error ? told : new Error(String(told));
  const isOurs = !(told instanceof UserError);
  const shown = isOurs ? message : inFlags(message);
  console.error(
    `${colorsFor(process.stderr).red('error:')} ${forStream(verbose && stack ? stack.replace(message, () => shown) : shown, process.stderr)}`,
  );
  if (isOurs && !verbose)
    console.error('This looks like a fault of Multihead itself; --verbose shows where it happened.');
  return 1;
}

/** How V8, WebAssembly and ONNX Runtime say that there is no memory. */
const noMemory =
  /Array buffer allocation failed|could not allocate memory|bad_alloc|Failed to allocate memory|out of memory/i;

/** Errors that the machine is the reason of, not Multihead: what the operating system refuses, and memory. */
function ofSurroundings(error: unknown): UserError | undefined {
  if (!(error instanceof Error) || error instanceof UserError) return undefined;
  const { code = '', syscall, path, message } = error as NodeJS.ErrnoException;
  if (syscall === 'uv_os_homedir') {
    return new UserError(
      'the system knows no home folder of this user: set HOME, or HF_HOME to a folder for downloads',
      {
        cause: error,
      },
    );
  }
  if (syscall !== undefined) {
    return new UserError(`${path === undefined ? '' : `${path}: `}${reasons[code] ?? message}`, { cause: error });
  }
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || noMemory.test(message)) {
    return new UserError(
      `there is not enough memory (${message}). A smaller batch size, shorter texts or a smaller model need less; ` +
        'ulimit -v shows whether the shell limits it.',
      { cause: error },
    );
  }
  return undefined;
}
