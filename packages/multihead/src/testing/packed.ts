/** @file The package as it is published, and an empty project that it is installed in. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.js';

const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
const stageScript = fileURLToPath(new URL('../../../../scripts/stage-package.js', import.meta.url));

/** What a user's shell has: no settings of the npm that runs the tests, but the registry and its cache. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|onnxruntime|node_options)/i.test(name) ||
      /^npm_config_(registry|cache|userconfig|globalconfig)$/i.test(name),
  ),
);

/** Runs a program in a folder; gives what it prints. Where it fails, the error holds its output. */
export const run = (folder: string, program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: folder, env: environment, encoding: 'utf8', stdio: 'pipe' });

/** A file of the tarball, by its path in the package. */
export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/**
 * Packs what `npm pack` packs, from a copy: other tests run meanwhile, and the libraries that are bundled would lie in
 * the way of theirs.
 */
export function pack(): { root: string; tarball: string; files: PackedFile[] } {
  const root = temporaryFolder();
  const copy = join(root, 'package');
  for (const part of ['bin', 'dist', 'package.json', 'README.md', 'LICENSE'])
    cpSync(join(packageFolder, part), join(copy, part), { recursive: true });
  run(root, process.execPath, stageScript, copy);
  const [packed] = JSON.parse(run(copy, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', root)) as [
    { filename: string; files: PackedFile[] },
  ];
  return { root, tarball: join(root, packed.filename), files: packed.files };
}

/** An empty project, with packages installed from the registry or from tarballs. */
export function installed(root: string, ...packages: string[]): string {
  const project = join(root, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }');
  run(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...packages);
  return project;
}
