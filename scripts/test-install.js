/**
 * npm run test:install [-- NODE NPM]
 *
 * Packs the package and installs it in empty projects, by each of Node 20, 22 and 24 with npm 10 and 11 (or by the one
 * pair that is named), with an empty npm configuration and nothing of this repository; there runs JavaScript, CommonJS,
 * TypeScript, and what esbuild and Vite make for Node. Prints a table. Node and npm are had from the registry.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const [, , onlyNode, onlyNpm] = process.argv;
const nodes = onlyNode ? [onlyNode] : ['20', '22', '24'];
const npms = onlyNpm ? [onlyNpm] : ['10', '11'];

const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_|onnxruntime|node_options)/i.test(name) || /^npm_config_(registry|cache)$/i.test(name),
  ),
);
const run = (cwd, program, ...args) =>
  execFileSync(program, args, { cwd, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const root = mkdtempSync(join(tmpdir(), 'multihead-install-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));

const body = `
async function main() {
  mkdirSync('toy', { recursive: true });
  writeFileSync('toy/vocab.txt', '[PAD]\\n[UNK]\\n[CLS]\\n[SEP]\\n[MASK]\\ngood\\nbad\\n');
  writeFileSync('toy/text.txt', 'good bad\\n\\nbad good\\n\\n'.repeat(40));
  const product = await tensor([[1, 2], [3, 4]]).matmul(tensor([[1], [1]])).data();
  const { examples } = await readClassificationData('classes.parquet', { requireLabels: false });
  const output = 'toy/tokens-' + process.argv[2];
  const { train } = await tokenizeCorpus({ sources: 'toy/text.txt', tokenizer: 'toy', output, workers: 1 });
  console.log([...product].join(' '), examples.length, train.documentStarts.length > 1);
}
main();
`;
const printed = '3 7 4 true';
const imported = 'import { mkdirSync, writeFileSync } from "node:fs";\n';
const names = '{ readClassificationData, tensor, tokenizeCorpus }';
const sources = {
  'program.js': `${imported}import ${names} from 'multihead';${body}`,
  'program.cjs': `const { mkdirSync, writeFileSync } = require('node:fs');\nconst ${names} = require('multihead');${body}`,
  'program.ts': `${imported}import ${names} from 'multihead';\nimport * as report from 'multihead/report';\nexport { report };${body}`,
};

/** What is done in each project; each ends with a program that must print the same. */
const trials = {
  JavaScript: (node) => node('program.js'),
  CommonJS: (node) => node('program.cjs'),
  ...Object.fromEntries(
    [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ].map(([module, resolution]) => [
      `TypeScript 5.7, ${resolution}`,
      (node) => {
        const options = `--strict --skipLibCheck false --target es2022 --types node --module ${module}`;
        const more = `--moduleResolution ${resolution} --outDir ${resolution}`;
        node('node_modules/typescript/bin/tsc', 'program.ts', ...options.split(' '), ...more.split(' '));
        return node(join(resolution, 'program.js'));
      },
    ]),
  ),
  'esbuild, esm': (node, project) => {
    const options = '--bundle --platform=node --format=esm --external:tokenizers --outfile=esbuild.mjs';
    run(project, 'node_modules/.bin/esbuild', 'program.js', ...options.split(' '));
    return node('esbuild.mjs');
  },
  'esbuild, cjs': (node, project) => {
    const options = '--bundle --platform=node --external:tokenizers --external:tinyglobby --outfile=esbuild.cjs';
    run(project, 'node_modules/.bin/esbuild', 'program.js', ...options.split(' '));
    return node('esbuild.cjs');
  },
  'Vite, ssr': (node) => {
    node('node_modules/vite/bin/vite.js', 'build', '--ssr', 'program.js', '--outDir', 'vite');
    return node('vite/program.js');
  },
  'command, --help': (node) => (/Usage/.test(node('node_modules/multihead/bin/multihead.js', '--help')) ? printed : ''),
};

function tried(trial, node, project) {
  try {
    const output = trial(node, project).trim().split('\n').at(-1);
    return output === printed ? 'yes' : `printed ${output}`;
  } catch (error) {
    process.exitCode = 1;
    console.error(`${error.message}\n${error.stdout}`);
    return 'FAILED';
  }
}

run(repository, 'npm', 'pack', '--workspace', 'packages/multihead', '--pack-destination', root);
const tarball = join(root, 'multihead-0.1.0.tgz');
const tools = join(root, 'tools');
mkdirSync(tools);
writeFileSync(join(tools, 'package.json'), '{ "private": true }');
const wanted = [...nodes.map((v) => `node-${v}@npm:node@${v}`), ...npms.map((v) => `npm-${v}@npm:npm@${v}`)];
run(tools, 'npm', 'install', '--no-audit', '--no-fund', ...wanted);

let columns;
for (const nodeVersion of nodes) {
  for (const npmVersion of npms) {
    const project = join(root, `node-${nodeVersion}-npm-${npmVersion}`);
    mkdirSync(project);
    cpSync(
      join(repository, 'packages/multihead/fixtures/data/tables/classes.parquet'),
      join(project, 'classes.parquet'),
    );
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    for (const [name, source] of Object.entries(sources)) writeFileSync(join(project, name), source);
    const binary = join(tools, `node_modules/node-${nodeVersion}/bin/node`);
    const node = (file, ...args) =>
      run(project, binary, file, ...(args.length > 0 ? args : [file.replaceAll(/\W/g, '-')]));
    const npm = (...args) => node(join(tools, `node_modules/npm-${npmVersion}/bin/npm-cli.js`), ...args);
    const began = performance.now();
    npm('install', '--no-audit', '--no-fund', tarball);
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const megabytes = run(project, 'du', '-sm', 'node_modules').split('\t')[0];
    npm('install', '--no-audit', '--no-fund', 'typescript@5.7', 'esbuild', 'vite', '@types/node@20');
    const outcomes = Object.entries(trials).map(([name, trial]) => [name, tried(trial, node, project)]);
    const row = {
      Node: node('--version', '').trim(),
      npm: npm('--version').trim(),
      ...Object.fromEntries(outcomes),
      'install, s': seconds,
      'node_modules, MB': megabytes,
    };
    if (!columns) {
      columns = Object.keys(row);
      console.log(`| ${columns.join(' | ')} |\n|${' --- |'.repeat(columns.length)}`);
    }
    console.log(`| ${columns.map((column) => row[column]).join(' | ')} |`);
    rmSync(project, { recursive: true });
  }
}
