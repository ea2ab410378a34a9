/** @file What is published, installed in an empty project with nothing reached but the registry. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Format } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { installed, type PackedFile, pack, run } from './testing/packed.js';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const manifest = json(file('../package.json'));

/** Starts each of the modules that run in a thread or a process of their own: engine, Parquet, trying a tokenizer, tokenizing. */
const program = `
import { readClassificationData, tokenizeCorpus } from 'multihead';
import { tensor } from 'multihead/tensor';
import { mkdirSync, writeFileSync } from 'node:fs';

async function main() {
  mkdirSync('toy', { recursive: true });
  const tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'good', 'bad', process.argv[2]]; // unknown each time
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const model = { type: 'WordPiece', vocab, unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100 };
  writeFileSync('toy/tokenizer.json', JSON.stringify({ model, pre_tokenizer: { type: 'BertPreTokenizer' } }));
  writeFileSync('toy/text.txt', 'good bad\\n\\nbad good\\n\\n'.repeat(40));
  const product = await tensor([[1, 2], [3, 4]]).matmul(tensor([[1], [1]])).data();
  const { examples } = await readClassificationData('classes.parquet', { requireLabels: false });
  const corpus = { sources: 'toy/text.txt', tokenizer: 'toy', output: 'toy/' + process.argv[2], workers: 1 };
  const { train } = await tokenizeCorpus(corpus);
  console.log([...product].join(' '), examples.length, train.documentStarts.length > 1);
}
main();
`;
const printed = '3 7 4 true';

/** Names by which the package is imported. */
const modules = Object.keys(manifest.exports)
  .filter((name) => name !== './package.json')
  .map((name) => name.replace('.', 'multihead'));

/** Imports all of them, and uses names of each. */
const typed = `
${modules.map((name, i) => `import * as module${i} from '${name}';`).join('\n')}
import { AutoModelForMaskedLM, BertConfig, BertForMaskedLM, GPT2Config, pipeline, Trainer } from 'multihead';
import { readClassificationExamples, type ClassificationExample } from 'multihead/data';
import { generate } from 'multihead/generation';
import { accuracy } from 'multihead/metrics';
import { configClass, families, registerFamily } from 'multihead/models';
import { crossEntropy, Linear, Module } from 'multihead/nn';
import { runReport } from 'multihead/report';
import { tensor, type Tensor } from 'multihead/tensor';
import { AutoTokenizer, type Tokenizer } from 'multihead/text';
import { defineOptimizer, scheduleFactor } from 'multihead/training';

export const all: readonly object[] = [${modules.map((_, i) => `module${i}`).join(', ')}];
export const examples: ClassificationExample[] = [{ text: 'good', label: 'liked' }];
export const config = new BertConfig({ hiddenSize: 32, numHiddenLayers: 1, numAttentionHeads: 2 });
export const model: BertForMaskedLM = new BertForMaskedLM(config);
export const small: number = new GPT2Config({ hiddenSize: 128, numAttentionHeads: 4 }).headDim;
export const data: Promise<unknown> = (tensor([1, 2]) as Tensor).data();
export const tokenizer: Promise<Tokenizer> = AutoTokenizer.fromPretrained('folder');
export const functions = [AutoModelForMaskedLM, pipeline, Trainer, readClassificationExamples, generate, accuracy];
export const more = [configClass, families, registerFamily, crossEntropy, Linear, Module, runReport];
export const optimizers = [defineOptimizer, scheduleFactor];
`;

let root: string;
let files: PackedFile[];
let project: string;
beforeAll(() => {
  const packed = pack();
  ({ root, files } = packed);
  project = installed(root, packed.tarball, 'typescript@5.7.2', 'typescript-old@npm:typescript@5.4.5');
  cpSync(file('../fixtures/data/tables/classes.parquet'), join(project, 'classes.parquet'));
  writeFileSync(join(project, 'program.js'), program);
}, 180_000);

describe('the tarball', () => {
  test('holds the program, its texts, and the CPU library of each platform', () => {
    const paths = files.map(({ path }) => path);
    const library = (path: string) => `node_modules/onnxruntime-node/bin/napi-v6/${path}`;
    expect(paths).toEqual(
      expect.arrayContaining([
        'README.md',
        'LICENSE',
        'bin/multihead.js',
        'dist/index.d.ts',
        'dist/engine/node/worker.js',
        'dist/data/parquet/node/child.js',
        'dist/platform/processes/node/watch.js',
        'dist/text/corpus/workers/node/worker.js',
        'dist/text/probe/node/child.js',
        'node_modules/onnxruntime-node/LICENSE',
        ...['linux/x64', 'linux/arm64', 'darwin/arm64', 'win32/x64', 'win32/arm64'].map((platform) =>
          library(`${platform}/onnxruntime_binding.node`),
        ),
        library('linux/x64/libonnxruntime.so.1'),
        library('darwin/arm64/libonnxruntime.1.dylib'),
        library('win32/x64/onnxruntime.dll'),
      ]),
    );
    const expected =
      /^(README\.md|LICENSE|package\.json|bin\/multihead\.js|(dist|swagger-ui|node_modules\/onnxruntime-[a-z]+)\/.+)$/;
    expect(paths.filter((path) => !expected.test(path))).toEqual([]);
    expect(paths.filter((path) => /\.test\.|dist\/testing\/|fixtures|tsbuildinfo|providers/.test(path))).toEqual([]);
  });

  test('its source maps hold their sources', () => {
    const maps = files.filter(({ path }) => path.endsWith('.map'));
    expect(maps.length).toBeGreaterThan(100);
    for (const { path } of maps) {
      const { sources, sourcesContent } = json(join(project, 'node_modules/multihead', path));
      expect([path, sourcesContent?.length]).toEqual([path, sources.length]);
    }
  });

  test('runs no script of a package; the licence is that of the repository', () => {
    const bundled = json(join(project, 'node_modules/multihead/node_modules/onnxruntime-node/package.json'));
    expect(bundled.version).toBe(manifest.dependencies['onnxruntime-node']);
    expect(bundled.scripts).toBeUndefined();
    expect(manifest.scripts.prepack).toContain('stage-package.js');
    expect(Object.keys(manifest.scripts).filter((name) => /install$/.test(name))).toEqual([]);
    expect(readFileSync(file('../LICENSE'), 'utf8')).toBe(readFileSync(file('../../../LICENSE'), 'utf8'));
  });
});

// npm runs the install script of what the lock file marks so. That of onnxruntime-node wants CUDA's libraries.
test('the repository, too, is installed without the script of onnxruntime-node', () => {
  const entries = Object.entries<{ hasInstallScript?: true }>(json(file('../../../package-lock.json')).packages);
  const onnxruntime = entries.filter(([path]) => path.endsWith('node_modules/onnxruntime-node'));
  expect(onnxruntime.map(([path, { hasInstallScript }]) => [path, hasInstallScript])).toEqual([
    ['node_modules/onnxruntime-node', undefined],
  ]);
});

describe('in an empty project', () => {
  test('a program and the command run', () => {
    expect(run(project, process.execPath, 'program.js', 'plain').trim()).toBe(printed);
    expect(run(project, 'npx', 'multihead', '--version').trim()).toBe(manifest.version);
  });

  test.each(modules)('%s can be imported alone', (name) => {
    const file = join(project, `alone-${name.replace('/', '-')}.mjs`);
    writeFileSync(file, `console.log(Object.keys(await import('${name}')).length > 0);\n`);
    expect(run(project, process.execPath, file).trim()).toBe('true');
  });

  test.each([
    ['esm', 'mjs', ['tokenizers']],
    ['cjs', 'cjs', ['tokenizers', 'tinyglobby']],
  ] as [Format, string, string[]][])(
    'a bundle for Node by esbuild (%s) starts its threads and processes',
    async (format, ending, external) => {
      const outfile = join(project, 'bundled', `program.${ending}`);
      const entryPoints = [join(project, 'program.js')];
      await build({
        entryPoints,
        outfile,
        format,
        external,
        bundle: true,
        platform: 'node',
        logOverride: { 'empty-import-meta': 'silent' },
      });
      expect(run(project, process.execPath, outfile, format).trim()).toBe(printed);
    },
  );

  // Before 5.7, Float32Array has no type parameter: what our declarations say of its buffer is an error there.
  test.each([
    ['nodenext', 'nodenext', 'typescript', false],
    ['esnext', 'bundler', 'typescript', false],
    ['nodenext', 'nodenext', 'typescript-old', true],
    ['esnext', 'bundler', 'typescript-old', true],
  ])(
    'the declarations compile: module %s, resolution %s, %s (5.7, old: 5.4), skipLibCheck %s',
    (module, moduleResolution, compiler, skipLibCheck) => {
      const folder = join(project, `${compiler}-${moduleResolution}`);
      const compilerOptions = {
        module,
        moduleResolution,
        target: 'es2022',
        strict: true,
        skipLibCheck,
        noEmit: true,
        types: [],
      };
      mkdirSync(folder);
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
      writeFileSync(join(folder, 'program.ts'), typed);
      expect(run(folder, process.execPath, `../node_modules/${compiler}/bin/tsc`, '--project', '.')).toBe('');
    },
  );

  test('where the native library is missing, the error says which command brings it', () => {
    const library = join(project, 'node_modules/multihead/node_modules/onnxruntime-node');
    renameSync(library, `${library}-moved`);
    try {
      expect(() => run(project, process.execPath, 'program.js', 'missing')).toThrow(
        `npm install onnxruntime-node@${manifest.dependencies['onnxruntime-node']} --ignore-scripts`,
      );
    } finally {
      renameSync(`${library}-moved`, library);
    }
    expect(existsSync(library)).toBe(true);
  });

  test('a bundle where the package is not installed says so', async () => {
    const outfile = join(root, 'elsewhere', 'program.mjs');
    const entryPoints = [join(project, 'program.js')];
    await build({ entryPoints, outfile, format: 'esm', external: ['tokenizers'], bundle: true, platform: 'node' });
    for (const name of ['tokenizers', `tokenizers-${process.platform}-${process.arch}-gnu`]) {
      const from = join(project, 'node_modules', name);
      if (existsSync(from)) cpSync(from, join(root, 'elsewhere/node_modules', name), { recursive: true });
    }
    expect(() => run(join(root, 'elsewhere'), process.execPath, outfile, 'lost')).toThrow(/npm install multihead/);
  });
});
