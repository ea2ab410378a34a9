/** @file What help shows as examples can be typed: its files are in the repository, are made by an example, or are in CAPITALS. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addCommand, commands } from './commands/registry.js';

const repository = new URL('../../../../', import.meta.url);

/** The examples of all commands, a line each. */
async function examples(): Promise<string[]> {
  const program = new Command('multihead');
  for (const name of Object.keys(commands)) await addCommand(program, name, true);
  const all = program.commands.flatMap((command) => [command, ...command.commands]);
  return all.flatMap((command) => {
    let help = '';
    command.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    command.outputHelp();
    return (help.split('Examples:\n')[1] ?? '').split('\n').filter((line) => line.includes('multihead '));
  });
}

/** The names of files and folders in a line. */
const paths = (line: string): string[] =>
  line
    .replaceAll(/"[^"]*"/g, '')
    .split(/\s+/)
    .map((word) => word.replaceAll("'", '').replace(/^[a-z]+=/, ''))
    .filter((word) => /[/]|\.(txt|csv|tsv|json|jsonl|npy|gz)$/.test(word) && word !== '...');

const made = /(?:--output|--report|>) (\S+)/g;

test('each path is there, is made by an example, or stands for a file of the user', async () => {
  const lines = await examples();
  expect(lines.length).toBeGreaterThan(15);
  const results = new Set(lines.flatMap((line) => [...line.matchAll(made)].map(([, path]) => path)));
  const unknown = lines.flatMap(paths).filter((path) => {
    if (/^[A-Z]+[/.]/.test(path) || results.has(path)) return false;
    return !existsSync(fileURLToPath(new URL(path, repository)));
  });
  expect(unknown).toEqual([]);
  expect(lines.flatMap(paths)).toContain('models/mini');
});
