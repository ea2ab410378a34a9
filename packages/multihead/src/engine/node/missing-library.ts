/** @file Errors for a native library of ONNX Runtime that cannot be loaded. */
import { UserError } from '../../platform/errors.js';

/** What Node says of a package, a file or a library that is not there, or that this system cannot load. */
const codes = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED'];

/** The error that ended the engine's thread; where the native library was missing, with the command that brings it. */
export function engineError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(`internal: the engine's thread threw ${String(error)}`);
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!codes.includes(code) || !/onnxruntime/.test(error.message)) return error;
  return new UserError(
    `ONNX Runtime, which computes, could not be loaded on ${process.platform} ${process.arch}, Node ${process.version}: ` +
      `${error.message.split('\n')[0]}. ` +
      (code === 'ERR_DLOPEN_FAILED'
        ? 'It needs a Linux with glibc 2.28 or later (not Alpine: its images with -slim in their name are Debian), ' +
          'macOS on Apple silicon, or Windows with the Visual C++ runtime.'
        : `Install it where Multihead is installed: ${installCommand}`),
    { cause: error },
  );
}

/** Works everywhere: no script of a package is run, so that nothing is fetched from elsewhere than the registry. */
const installCommand = 'npm install onnxruntime-node@1.30.0 --ignore-scripts';
