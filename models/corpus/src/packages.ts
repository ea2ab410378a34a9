/** @file Downloads packages by their registries' own clients and unpacks them into a folder; nothing is installed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A package of a registry. */
export interface PackageName {
  readonly registry: 'debian' | 'npm';
  readonly name: string;
}

/** An unpacked package. */
export interface UnpackedPackage extends PackageName {
  readonly version: string;
  /** SHA-256 of the package's file, in hexadecimal digits. */
  readonly sha256: string;
  /** The folder that holds its files. */
  readonly directory: string;
}

/**
 * Downloads a package (`apt-get download`, `npm pack`) unless the folder holds it, and unpacks it.
 *
 * @throws Error if the client fails: for Debian, `apt-get update` must have been run, and the lists must have the package.
 */
export function fetchPackage({ registry, name }: PackageName, folder: string): UnpackedPackage {
  const directory = join(folder, registry, name);
  const archives = join(directory, 'archive');
  const files = join(directory, 'files');
  if (!existsSync(files)) {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(archives, { recursive: true });
    if (registry === 'debian') run('apt-get', ['download', name], archives);
    else run('npm', ['pack', '--silent', name], archives);
    const partial = join(directory, 'partial');
    mkdirSync(partial);
    if (registry === 'debian') run('dpkg-deb', ['-x', archiveOf(archives), partial], directory);
    else run('tar', ['-xzf', archiveOf(archives), '-C', partial], directory);
    renameSync(partial, files);
  }
  const archive = archiveOf(archives);
  const version =
    registry === 'debian'
      ? run('dpkg-deb', ['-f', archive, 'Version'], directory).trim()
      : JSON.parse(readFileSync(join(files, 'package', 'package.json'), 'utf8')).version;
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
  return { registry, name, version, sha256, directory: registry === 'npm' ? join(files, 'package') : files };
}

function archiveOf(folder: string): string {
  const [archive] = readdirSync(folder);
  if (archive === undefined) throw new Error(`${folder}: the download left no file`);
  return join(folder, archive);
}

function run(command: string, parameters: string[], cwd: string): string {
  return execFileSync(command, parameters, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
