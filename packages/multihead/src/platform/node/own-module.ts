/** @file Where a module of this package lies that is started by its file, in a thread or a process: also from a bundle. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { UserError } from '../errors.js';

/** A bundle in CommonJS has no `import.meta.url`, but `__filename`. */
const here = (import.meta.url as string | undefined) ? fileURLToPath(import.meta.url) : __filename;

/**
 * The file of one of Multihead's modules. A bundler puts this code into another file, and leaves the modules that are
 * started by their file where they are; then they are those of the package `multihead` that is installed where the bundle
 * lies.
 *
 * @param path The module in `dist`, such as `engine/node/worker.js`.
 * @throws {UserError} if the program was bundled, and the package is not installed there.
 */
export function ownModule(path: string): URL {
  const isBundled = !here.endsWith(join('dist', 'platform', 'node', 'own-module.js'));
  const file = join(isBundled ? join(dirname(installed()), 'dist') : join(dirname(here), '..', '..'), path);
  if (isBundled && !existsSync(file)) throw notInstalled();
  return pathToFileURL(file);
}

function installed(): string {
  try {
    return createRequire(here).resolve('multihead/package.json');
  } catch (cause) {
    throw notInstalled(cause);
  }
}

const notInstalled = (cause?: unknown): UserError =>
  new UserError(
    `${here} is a bundle with Multihead in it, but the package is not installed beside it. ONNX Runtime runs in a worker ` +
      'thread whose files and native library no bundle holds: run npm install multihead where the bundle is started.',
    { cause },
  );
