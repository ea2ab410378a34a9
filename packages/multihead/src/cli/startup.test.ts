/** @file What the command loads before it knows which command is called: little, so that help, errors and completion are there at once. */
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { commands } from './commands/registry.js';

/** The modules that a module imports at its start, and those that these import, by their paths in `dist`; packages by name. */
async function loadedWith(entry: string): Promise<{ readonly files: string[]; readonly packages: string[] }> {
  const { inputs } = (
    await build({
      entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      conditions: ['node'],
    })
  ).metafile;
  const files = new Set(Object.keys(inputs).filter((path) => path.endsWith(entry.slice(1))));
  const packages = new Set<string>();
  for (const file of files) {
    for (const { kind, external, path } of inputs[file]?.imports ?? []) {
      if (kind === 'import-statement') (external ? packages : files).add(path);
    }
  }
  return { files: [...files].map((path) => path.replace(/^.*\bdist\//, '')), packages: [...packages] };
}

test('before a command is called, nothing is loaded but the command line itself', async () => {
  const { files, packages } = await loadedWith('./main.js');
  expect(files).toContain('cli/commands/registry.js');
  expect(files.filter((path) => !/^(cli|platform)\//.test(path))).toEqual([]);
  expect(files.filter((path) => /option-schemas|-command\.js$/.test(path))).toEqual([]);
  const fromNpm = packages.filter((name) => !name.startsWith('node:'));
  expect(fromNpm.sort()).toEqual(['commander', 'fastest-levenshtein', 'picocolors']);
});

test('a command that needs no schemas loads none', async () => {
  for (const name of ['compare', 'convert', 'embed', 'info', 'merge', 'perplexity', 'tokenizer']) {
    const { files, packages } = await loadedWith(`./commands/${name}/${name}-command.js`);
    expect(packages.filter((each) => each === 'zod' || each.startsWith('@bufbuild/'))).toEqual([]);
    const names = ['models/dtypes.js', 'models/sentences/sentence-poolings.js']; // for `--dtype` and `--pooling`: no code of models
    expect(files.filter((path) => /^(models|tasks|training|inference)\//.test(path) && !names.includes(path))).toEqual(
      [],
    );
  }
});

test.each(Object.entries(commands))(
  '%s: the list of commands shows its arguments as it declares them',
  async (name, row) => {
    const command = new Command(name);
    await row.set(command);
    expect(row.usage).toBe(command.usage());
  },
);
