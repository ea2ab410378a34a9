/** @file What an entry of the package brings along when it is imported alone: all that it needs, and nothing heavy that it does not. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const entries = readdirSync(path('.')).filter((name) => /(?<!\.test)\.js$/.test(name));

/** Runs a program in a process of its own, where nothing was imported before. */
const printed = (program: string): string =>
  execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: path('.') })
    .toString()
    .trim();

/** The modules that an entry loads when it is imported, in Node. */
async function modulesOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [path(entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    conditions: ['node', 'import'],
    packages: 'external',
    splitting: true,
    outdir: 'nowhere',
    logLevel: 'silent',
  });
  const main = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint?.endsWith(`exports/${entry}`));
  const seen = new Set<string>();
  const visit = (output: typeof main): void => {
    for (const input of Object.keys(output?.inputs ?? {})) seen.add(input);
    for (const { path: next, kind, external } of output?.imports ?? []) {
      if (kind !== 'import-statement' || seen.has(next)) continue;
      seen.add(next);
      if (!external) visit(metafile.outputs[next]);
    }
  };
  visit(main);
  return [...seen];
}

describe('an entry alone', () => {
  test.each(['nn.js', 'tensor.js', 'models.js', 'training.js', 'generation.js', 'vectors.js', '../index.js'])(
    '%s: tensors are computed',
    (entry) => {
      const program = `await import('./${entry}'); const { tensor } = await import('../tensor/factories.js');
        console.log([...(await tensor([1, 2]).mul(tensor([3, 4])).data())].join(' ')); process.exit(0);`;
      expect(printed(program)).toBe('3 8');
    },
  );

  test('models.js: the built-in families are registered', () => {
    const program = `const { families } = await import('./models.js'); console.log(families().length)`;
    expect(Number(printed(program))).toBeGreaterThanOrEqual(7);
  });

  test.each(['data.js', 'text.js', 'metrics.js'])('%s: loads no engine, no models, no zod', async (entry) => {
    const modules = await modulesOf(entry);
    expect(modules.length).toBeGreaterThan(5);
    const heavy = /^zod|onnxruntime|dist\/(engine|models|nn|onnx|tasks|training|inference|report|cli)\//;
    expect(modules.filter((name) => heavy.test(name))).toEqual([]);
  });
});

test('each entry is an export of the package', () => {
  const program = `import { readFileSync } from 'node:fs';
    const { exports } = JSON.parse(readFileSync('../../package.json', 'utf8')); console.log(JSON.stringify(exports))`;
  const named = Object.values(JSON.parse(printed(program)) as Record<string, { default?: string }>);
  const files = named.map((entry) => entry.default);
  for (const entry of entries) expect(files).toContain(`./dist/exports/${entry}`);
});
