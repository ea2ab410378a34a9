/** @file Documents name only commands, flags, files and links that exist; README's commands and the page on pretraining's run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { codeIn, commandsIn, linksIn, multiheadCalls, wordsOf } from './commands-in-docs.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bin = join(root, 'packages/multihead/bin/multihead.js');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const guides = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md') && file !== 'results.md');
const documents = [
  ...['README.md', 'README.zh-CN.md', 'FEATURES.md', 'CONTRIBUTING.md', 'packages/multihead/README.md'],
  ...['examples/README.md', 'examples/data/README.md', ...guides.map((file) => `docs/${file}`)],
];
const commands = documents.flatMap((file) => commandsIn(file, read(file)));
const calls = commands.flatMap(({ file, line, text }) =>
  multiheadCalls(text).map((words) => ({ place: `${file}:${line}`, file, words })),
);

const helps = new Map<string, string>();
/** What a command says of itself. */
function help(...command: string[]): string {
  const name = command.join(' ');
  const known = helps.get(name) ?? execFileSync(process.execPath, [bin, ...command, '--help']).toString();
  helps.set(name, known);
  return known;
}
const commandNames = (text: string) =>
  [...(text.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([\w-]+)/gm)].map((match) => match[1] as string);
const flagsIn = (text: string) => new Set(text.match(/(?<=[\s,])--?[a-zA-Z][\w-]*/g));

/** The command that a call names, such as ['tokenizer', 'train']. */
function commandOf(words: readonly string[]): string[] {
  const [first = '', second = ''] = words;
  if (!commandNames(help()).includes(first)) return [];
  return commandNames(help(first)).includes(second) && second !== 'help' ? [first, second] : [first];
}

const topFolders = readdirSync(root, { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'runs',
);
/** Whether a word is a path in the repository: paths with a folder are, names without one are the reader's own files. */
const isOurs = (word: string) => topFolders.some(({ name }) => word.startsWith(`${name}/`)) && !/[*{<\s]/.test(word);

describe('commands in documents', () => {
  test.each(documents.filter((file) => calls.some((call) => call.file === file)))(
    '%s: exist, with the flags and the tasks that it names',
    (file) => {
      for (const { place, words } of calls.filter((call) => call.file === file)) {
        const command = commandOf(words);
        const general = words.every((word) => word.startsWith('-'));
        expect(command.length > 0 || general, `${place}: no command multihead ${words.join(' ')}`).toBe(true);
        const text = help(...command);
        const known = flagsIn(text);
        for (const flag of words.filter((word) => /^--?[a-z]/.test(word))) {
          expect(known, `${place}: multihead ${command.join(' ')}`).toContain(flag.split('=')[0]);
        }
        const tasks = /^ {2}task [\s\S]*?\(choices:([^)]*)\)/m.exec(text)?.[1];
        if (tasks && words.length > 1) expect(tasks, place).toContain(`"${words[1]}"`);
      }
    },
  );

  it('read files that are in the repository, or that a command before them has made', () => {
    const missing = documents.flatMap((file) => {
      const made: string[] = [];
      return calls
        .filter((call) => call.file === file)
        .flatMap(({ place, words }) => {
          const output = words[words.indexOf('--output') + 1] ?? '';
          const isMade = (word: string) => made.some((name) => word === name || word.startsWith(`${name}/`));
          const inputs = words.filter((word) => word !== output && (isOurs(word) || word.startsWith('runs/')));
          if (words.includes('--output')) made.push(output);
          return inputs
            .filter((word) => !isMade(word) && !existsSync(join(root, word)))
            .map((word) => `${place}: ${word}`);
        });
    });
    expect(missing).toEqual([]);
  });

  it('write each document into folders of its own, since a folder that holds a model is not overwritten', () => {
    const owner = new Map<string, string>();
    for (const { place, file, words } of calls) {
      if (
        file.startsWith('packages/') ||
        !words.includes('--output') ||
        words.includes('--resume') ||
        words.includes('--overwrite')
      )
        continue;
      const output = words[words.indexOf('--output') + 1] as string;
      const other = owner.get(output);
      const isTranslation = other?.startsWith('README.md') && file === 'README.zh-CN.md';
      expect(isTranslation ? undefined : other, `${place}: ${output} is also written by ${other}`).toBeUndefined();
      if (!isTranslation) owner.set(output, place);
    }
  });

  it('of npm are scripts of package.json', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const code = documents.flatMap((file) => [
      ...codeIn(read(file)),
      ...commandsIn(file, read(file)).map(({ text }) => text),
    ]);
    const named = code.flatMap((text) => [...text.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] as string));
    expect(named.length).toBeGreaterThan(4);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });
});

describe('what documents name in their sentences', () => {
  it.each(documents)('%s: links lead to files', (file) => {
    const broken = linksIn(read(file)).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsIn(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s: files that it names as code exist', (file) => {
    const rooms = readdirSync(join(root, 'packages/multihead/src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${name}/`);
    const named = codeIn(read(file)).filter((code) => /^[\w./-]+$/.test(code) && code.includes('/'));
    const missing = named.filter((code) => {
      // A model's folder has onnx/, too, as export writes it.
      const isSource = rooms.some((room) => code.startsWith(room)) && !/\.onnx(_data(_\d+)?)?$/.test(code);
      if (!isSource && !isOurs(code)) return false;
      const bases = ['', 'packages/multihead/src/', ...rooms.map((room) => `packages/multihead/src/${room}`)];
      return !bases.some((base) => existsSync(join(root, base, code)));
    });
    expect(missing.filter((code) => !code.startsWith('docs/api/html'))).toEqual([]);
  });

  it.each(documents)('%s: flags that it names as code exist', (file) => {
    const all = commandNames(help())
      .filter((name) => name !== 'help')
      .flatMap((name) => [[name], ...commandNames(help(name)).map((sub) => [name, sub])])
      .filter((command) => command.at(-1) !== 'help')
      .map((command) => help(...command));
    const known = new Set([...flagsIn(help()), ...all.flatMap((text) => [...flagsIn(text)])]);
    const otherSpellings = read('packages/multihead/src/cli/options/flag-names.ts');
    const ofOtherPrograms = ['--ignore-scripts', '--workspace', '--packages', '--external', '--bundle', '--platform'];
    const unknown = codeIn(read(file))
      .flatMap((code) => code.match(/(?<=^|\s)--[a-z][\w-]*/g) ?? [])
      .filter((flag) => !known.has(flag) && !ofOtherPrograms.includes(flag))
      .filter((flag) => !otherSpellings.includes(`'${flag.slice(2).replaceAll('_', '-')}'`));
    expect(unknown).toEqual([]);
  });
});

/** Anchors of a document's headings, as GitHub makes them. */
const anchorsIn = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

it('the two READMEs show the same commands, but for texts in quotes and comments', () => {
  const shown = (file: string) =>
    commands.filter((command) => command.file === file).map(({ text }) => text.replaceAll(/"[^"]*"/g, '""'));
  expect(shown('README.zh-CN.md')).toEqual(shown('README.md'));
});

describe('a short version runs without an error', { timeout: 600_000 }, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'multihead-documents-'));
    for (const name of ['models', 'examples']) symlinkSync(join(root, name), join(folder, name));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['README.md', 'docs/pretraining.md'])('%s', (file) => {
    const own = commands.filter((command) => command.file === file && multiheadCalls(command.text).length > 0);
    expect(own.length).toBeGreaterThan(4);
    for (const { line, text } of own) {
      const script = shortened(text).replaceAll(/npx multihead\b/g, `"${process.execPath}" "${bin}"`);
      const { status, stderr, stdout } = spawnSync(script, { cwd: folder, encoding: 'utf8', shell: 'bash' });
      expect(status, `${file}:${line}: ${text}\n${stderr}`).toBe(0);
      expect(stdout.trim(), `${file}:${line}: ${text}`).not.toBe('');
    }
  });
});

/** A command with so few steps that it takes seconds: a five-hundredth of --max-steps, or two. */
function shortened(command: string): string {
  const steps = (count: number) => `--max-steps ${Math.ceil(count / 500)}`;
  if (/--max-steps \d/.test(command)) {
    return `${command.replace(/--max-steps (\d+)/, (_, count) => steps(Number(count)))} --max-eval-blocks 4`;
  }
  return /multihead train /.test(command) ? `${command} --max-steps 2` : command;
}

test('commands, words, links and code are found in documents', () => {
  const text = '# A\n\n```sh\na b \\\n  --c "d e"   # what it does\n\nf g\n```\n\n[x](y.md#z) [w](https://w) `h/i`\n';
  expect(commandsIn('a.md', text)).toEqual([
    { file: 'a.md', line: 4, text: 'a b   --c "d e"' },
    { file: 'a.md', line: 7, text: 'f g' },
  ]);
  expect(wordsOf('a  --b "c d" \'e f\' g=h')).toEqual(['a', '--b', 'c d', 'e f', 'g=h']);
  expect(multiheadCalls('npm ci && cat a | npx multihead embed -')).toEqual([['embed', '-']]);
  expect(linksIn(text)).toEqual(['y.md#z']);
  expect(codeIn(text)).toEqual(['h/i']);
});
