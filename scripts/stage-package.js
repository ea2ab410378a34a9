/**
 * node scripts/stage-package.js [--clean] [FOLDER]
 *
 * What `npm pack` and `npm publish` run before and, with --clean, after: puts ONNX Runtime into the package's own
 * node_modules, from where `bundleDependencies` takes it, and two files of Swagger UI beside it. FOLDER is the package's; default: packages/multihead.
 *
 * onnxruntime-node has an install script that fetches CUDA's libraries from another server on Linux. Multihead never uses
 * them, and behind a closed network the whole installation fails; no setting of a package reaches the script of another
 * one. Bundled without that script, and without what only the script needs, it is the CPU's library and nothing else.
 */
import { cpSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const folder = process.argv.slice(2).find((argument) => argument !== '--clean');
const target = folder ?? join(import.meta.dirname, '../packages/multihead');
const staged = join(target, 'node_modules');
const page = join(target, 'swagger-ui');
const { resolve } = createRequire(import.meta.url);

/** The folder of an installed package. */
function folderOf(module, name = module) {
  let folder = dirname(resolve(module));
  while (!existsSync(join(folder, 'package.json')) || manifestOf(folder).name !== name) folder = dirname(folder);
  return folder;
}

const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Linked where that can be, for the libraries take 288 MB. */
function linkOrCopy(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to);
  }
}

function stage(name, { keeps, files, changed }) {
  const from = folderOf(name);
  const to = join(staged, name);
  for (const file of files) {
    const copied = (path) => {
      if (!keeps(path)) return false;
      if (path.endsWith('.node') || /\.(so|dll|dylib)/.test(basename(path))) {
        linkOrCopy(path, join(to, path.slice(from.length)));
        return false;
      }
      return true;
    };
    cpSync(join(from, file), join(to, file), { recursive: true, filter: copied });
  }
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(changed(manifestOf(from)), null, 2)}\n`);
  writeFileSync(join(to, 'LICENSE'), microsoftsLicense());
}

/** The files of the page that tries the server's routes. Its package has an install script that reports to a company. */
function stagePage() {
  const from = folderOf('swagger-ui-dist/package.json', 'swagger-ui-dist');
  mkdirSync(page, { recursive: true });
  for (const name of [
    'swagger-ui.css',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'LICENSE',
    'NOTICE',
  ])
    cpSync(join(from, name), join(page, name));
}

/** The text of the MIT licence is that of Multihead's own. */
const microsoftsLicense = () =>
  readFileSync(join(import.meta.dirname, '../LICENSE'), 'utf8').replace(
    /^Copyright.*$/m,
    'Copyright (c) Microsoft Corporation',
  );

rmSync(staged, { recursive: true, force: true });
rmSync(page, { recursive: true, force: true });
if (!process.argv.includes('--clean')) {
  stagePage();
  stage('onnxruntime-node', {
    files: ['README.md', 'dist', 'bin'],
    // Apple's library is there twice; the binding loads the one without the whole version in its name.
    keeps: (path) => !path.endsWith('.map') && !/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(path),
    changed: ({ name, version, description, license, repository, main, types, os, dependencies }) => ({
      name,
      version,
      description: `${description} (as published, without its install script)`,
      license,
      repository,
      main,
      types,
      os,
      dependencies: { 'onnxruntime-common': dependencies['onnxruntime-common'] },
    }),
  });
  stage('onnxruntime-common', {
    files: ['README.md', 'dist'],
    keeps: (path) => !path.endsWith('.map'),
    changed: ({ devDependencies: _, scripts: __, ...manifest }) => manifest,
  });
}
