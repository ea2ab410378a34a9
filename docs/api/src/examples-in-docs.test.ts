/** @file Every example in a docstring compiles, and every function and class that is exported has one. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DocExample, exampleModule, examplesIn, exportedNames, snippetsIn } from './examples-in-docs.js';
import { stage, stageOf } from './stage.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const source = join(root, 'packages/multihead/src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(?<!\.test)\.ts$/.test(file),
);
const texts = new Map(files.sort().map((file) => [file, readFileSync(join(source, file), 'utf8')]));
const examples = [...texts].flatMap(([file, text]) => examplesIn(file, text));
const namesIn = (list: string) => list.split(',').flatMap((name) => name.replace(/\btype\b/, '').trim() || []);
/** Each file that exports for users, under the name by which they import it. */
const { exports } = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8')) as {
  exports: Record<string, { types?: string }>;
};
const entries = Object.entries(exports).flatMap(([name, { types }]) =>
  types ? [{ module: name.replace('.', 'multihead'), file: types.replace(/^\.\/dist\/(.*)\.d\.ts$/, '$1.ts') }] : [],
);
const publicNames = Object.fromEntries(
  entries.map(({ module, file }) => {
    const lists = (texts.get(file) as string).matchAll(/export (?:type )?\{([^}]*)\}/g);
    return [module, [...lists].flatMap((match) => namesIn(match[1] as string))];
  }),
);
const node = { 'node:fs': ['createReadStream'], 'node:fs/promises': ['readFile', 'writeFile'], 'node:path': ['join'] };

/** The file from which a public name comes. */
function sourceOf(name: string): string | undefined {
  for (const { file } of entries) {
    const text = texts.get(file) as string;
    for (const [, names, from] of text.matchAll(/export (?:type )?\{([^}]*)\} from '([^']*)\.js'/g)) {
      if (namesIn(names as string).includes(name)) return join(dirname(file), `${from}.ts`);
    }
  }
  return undefined;
}

const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const snippets = documents.flatMap((file) => snippetsIn(file, readFileSync(join(root, file), 'utf8')));

/** What an example of a file may import: public names and, where the file has none, what it and its neighbours keep. */
function importsFor(file: string): Record<string, readonly string[]> {
  if (file.endsWith('.md')) return publicNames;
  const own = exportedNames(texts.get(file) as string);
  const module = (other: string) => `#src/${other.replace(/\.ts$/, '.js')}`;
  const inner = { [module(file)]: own.filter((name) => sourceOf(name) !== file) };
  const open = { ...inner, ...publicNames, ...node };
  if (own.some((name) => sourceOf(name) === file)) return open;
  return {
    ...open,
    ...Object.fromEntries([...texts].map(([other, text]) => [module(other), exportedNames(text)])),
    ...inner,
  };
}

let folder: string;
beforeAll(() => {
  mkdirSync(join(root, 'docs/api/dist'), { recursive: true });
  folder = mkdtempSync(join(root, 'docs/api/dist/examples-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of examples; nothing, where all are right. */
function compile(name: string, list: readonly DocExample[]): string {
  const into = join(folder, name);
  mkdirSync(into);
  for (const example of list) {
    const module = `${example.file.replaceAll('/', '.').replace(/\.ts$/, '')}.${example.line}.ts`;
    writeFileSync(
      join(into, module),
      exampleModule(example, { imports: importsFor(example.file), stage: { ...stage, ...stageOf[example.file] } }),
    );
  }
  const compilerOptions = {
    noEmit: true,
    composite: false,
    incremental: false,
    noUnusedLocals: false,
    noUncheckedIndexedAccess: false,
    rootDir: root,
    isolatedModules: false,
    verbatimModuleSyntax: false,
    paths: { '#src/*.js': [join(root, 'packages/multihead/dist/*.d.ts')] },
  };
  const config = { extends: join(root, 'packages/multihead/tsconfig.json'), compilerOptions, include: ['*.ts'] };
  writeFileSync(join(into, 'tsconfig.json'), JSON.stringify(config));
  try {
    return execFileSync(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '--pretty', 'false', '-p', into],
      {
        cwd: into,
      },
    ).toString();
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout);
  }
}

describe('examples in docstrings', () => {
  it('are all compiled without an error', () => {
    expect(examples.length).toBeGreaterThan(150);
    expect(compile('all', examples)).toBe('');
  });

  it('in README and guides are compiled without an error, too', () => {
    expect(snippets.length).toBeGreaterThan(6);
    expect(compile('documents', snippets)).toBe('');
  });

  it('that call what is not there, or with what it does not take, are errors', () => {
    const broken = [
      { file: 'metrics/classification/accuracy.ts', line: 1, code: 'accuracies([], [])' },
      { file: 'metrics/classification/accuracy.ts', line: 2, code: 'accuracy(1, 2)' },
    ];
    const said = compile('broken', broken);
    expect(said).toContain("metrics.classification.accuracy.1.ts(1,1): error TS2304: Cannot find name 'accuracies'");
    expect(said).toContain('metrics.classification.accuracy.2.ts(2,10): error TS2345');
  });

  it('are found with their file, line and code', () => {
    const text =
      '/**\n * What it does.\n *\n * @example\n * f(1)\n * g()\n * @param x a number\n */\n/**\n   * @example\n   * h()\n   */';
    expect(examplesIn('a.ts', text)).toEqual([
      { file: 'a.ts', line: 4, code: 'f(1)\ng()' },
      { file: 'a.ts', line: 10, code: 'h()' },
    ]);
  });

  it.each(entries)('stand in the docstring of every function and class of $module', async ({ module }) => {
    const without = Object.entries(await import(module)).flatMap(([name, value]) => {
      if (typeof value !== 'function') return [];
      const start = new RegExp(`^export (?:abstract )?(?:async )?(?:function\\*?|class|const) ${name}\\b`, 'm');
      const text = texts.get(sourceOf(name) ?? '');
      if (!text) return [name];
      const above = text.slice(0, text.search(start));
      const docstring = above.slice(above.lastIndexOf('/**'));
      return docstring.includes('@example') && docstring.trimEnd().endsWith('*/') ? [] : [name];
    });
    expect(without).toEqual([]);
  });
});
