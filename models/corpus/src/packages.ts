/** @file Downloads packages by their registries' own clients and unpacks them into a folder; nothing is installed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A package of a registry. */
export interface PackageName {
  readonly registry: 'debian' | 'npm' | 'pypi';
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
 * Downloads a package (`apt-get download`, `npm pack`, `pip download`) unless the folder holds it, and unpacks it.
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
    download({ registry, name }, archives);
    const partial = join(directory, 'partial');
    mkdirSync(partial);
    unpack(registry, archiveOf(archives), partial);
    renameSync(partial, files);
  }
  const archive = archiveOf(archives);
  const version = versionOf(registry, archive, files);
  const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex');
  return { registry, name, version, sha256, directory: registry === 'npm' ? join(files, 'package') : files };
}

function download({ registry, name }: PackageName, folder: string): void {
  if (registry === 'debian') run('apt-get', ['download', name], folder);
  else if (registry === 'npm') run('npm', ['pack', '--silent', name], folder);
  else run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', name], folder);
}

function unpack(registry: PackageName['registry'], archive: string, folder: string): void {
  if (registry === 'debian') run('dpkg-deb', ['-x', archive, folder], folder);
  else if (registry === 'npm') run('tar', ['-xzf', archive], folder);
  else run('python3', ['-m', 'zipfile', '-e', archive, folder], folder);
}

function versionOf(registry: PackageName['registry'], archive: string, files: string): string {
  if (registry === 'debian') return run('dpkg-deb', ['-f', archive, 'Version'], files).trim();
  if (registry === 'npm') return JSON.parse(readFileSync(join(files, 'package', 'package.json'), 'utf8')).version;
  return basename(archive).split('-')[1] ?? ''; // a wheel is NAME-VERSION-...
}

function archiveOf(folder: string): string {
  const [archive] = readdirSync(folder);
  if (archive === undefined) throw new Error(`${folder}: the download left no file`);
  return join(folder, archive);
}

function run(command: string, parameters: string[], cwd: string): string {
  return execFileSync(command, parameters, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
