/** @file `predict --data` on files of some windows: interrupted, killed and resumed, its output is that of an unbroken run. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';
import { toyFolder, toyRows } from '../../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));

let folder: string;
/** Commands without --output, by task. */
let commands: Readonly<Record<'texts' | 'questions', string[]>>;
let whole: Readonly<Record<'texts' | 'questions', Buffer>>;

/** One token, by whose length a window holds about 540 texts. */
const long = 'x'.repeat(1900);
const texts = toyRows(48).map(({ text }, i) => `${text}${' very'.repeat(i % 7)} ${long}`);
/** Three windows: one of them lies between the first lines and the last. */
const rows = 1100;
const csv = (count: number): string =>
  `text\n${Array.from({ length: count }, (_, i) => `"${texts[i % 48]} ${i}"\n`).join('')}`;

beforeAll(() => {
  folder = toyFolder();
  const scratch = [
    '--from-scratch',
    '--config',
    join(folder, 'config.json'),
    '--tokenizer',
    folder,
    '--learning-rate',
    '2e-3',
    '--max-steps',
    '2',
  ];
  const questions = Array.from({ length: rows }, (_, i) => {
    const context = `${texts[i % 48]} but a book was poor ${i}`;
    return { question: 'what was poor', context, answers: { text: ['book'], answer_start: [context.indexOf('book')] } };
  });
  writeFileSync(join(folder, 'questions.jsonl'), questions.map((row) => `${JSON.stringify(row)}\n`).join(''));
  writeFileSync(
    join(folder, 'some.jsonl'),
    questions
      .slice(0, 32)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  );
  writeFileSync(join(folder, 'texts.csv'), csv(rows));
  const train = (task: string, data: string, output: string) =>
    multihead('train', task, ...scratch, '--train', join(folder, data), '--output', join(folder, output));
  expect(train('text-classification', 'train.tsv', 'classifier')).toMatchObject({ status: 0, stderr: '' });
  expect(train('question-answering', 'some.jsonl', 'reader')).toMatchObject({ status: 0, stderr: '' });
  commands = {
    texts: ['text-classification', '--model', join(folder, 'classifier'), '--data', join(folder, 'texts.csv')],
    questions: ['question-answering', '--model', join(folder, 'reader'), '--data', join(folder, 'questions.jsonl')],
  };
  const found = (name: 'texts' | 'questions'): Buffer => {
    const output = join(folder, `whole-${name}.jsonl`);
    const { status, stderr } = multihead('predict', ...commands[name], '--output', output);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(existsSync(`${output}.partial`)).toBe(false);
    return readFileSync(output);
  };
  whole = { texts: found('texts'), questions: found('questions') };
}, 240_000);

const size = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** Starts the command, and interrupts it when it has added something to the lines, and some milliseconds more. */
function interrupted(
  args: string[],
  output: string,
  signal: NodeJS.Signals,
  later = 0,
): Promise<{ stderr: string; signal: string | null }> {
  const lines = join(`${output}.partial`, 'lines.jsonl');
  const before = size(lines);
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(process.execPath, [bin, 'predict', ...args, '--output', output]);
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setInterval(() => {
      if (size(lines) <= before) return;
      clearInterval(timer);
      setTimeout(() => child.kill(signal), later);
    }, 2);
    child.on('close', (_, by) => {
      clearInterval(timer);
      resolve({ stderr, signal: by });
    });
  });
}

describe.each(['texts', 'questions'] as const)('%s', (name) => {
  test('killed at one moment after another, then resumed: the bytes of an unbroken run', async () => {
    const output = join(folder, `killed-${name}.jsonl`);
    let kills = 0;
    for (let turn = 0; existsSync(output) === false; turn++) {
      const { signal, stderr } = await interrupted([...commands[name], '--resume'], output, 'SIGKILL', turn * 3);
      expect(stderr).toBe('');
      if (signal === 'SIGKILL') kills++;
    }
    expect(kills).toBeGreaterThan(0);
    expect(readFileSync(output).equals(whole[name])).toBe(true);
    expect(existsSync(join(`${output}.partial`, 'lines.jsonl'))).toBe(false);
  }, 180_000);

  test('every line is there, in the order of the file, and the same among other neighbours', () => {
    const found = parse(whole[name].toString());
    expect(found).toHaveLength(rows);
    const reversed = join(folder, `reversed-${name}`);
    const [header, all] =
      name === 'texts'
        ? ['text\n', csv(rows).trimEnd().split('\n').slice(1)]
        : ['', readFileSync(join(folder, 'questions.jsonl'), 'utf8').trimEnd().split('\n')];
    const data = name === 'texts' ? `${reversed}.csv` : `${reversed}.jsonl`;
    writeFileSync(data, `${header}${all.toReversed().join('\n')}\n`);
    const { stdout } = multihead('predict', ...commands[name].slice(0, -1), data);
    const others = parse(stdout).toReversed();
    expect(others).toHaveLength(rows);
    for (const [i, { id: _, ...line }] of found.entries()) {
      const { id: __, ...other } = others[i] as Line;
      expect(other).toEqual(closeTo(line));
    }
  }, 120_000);
});

interface Line extends Record<string, unknown> {
  readonly score?: number;
  readonly labels?: readonly { readonly label: string; readonly score: number }[];
}
const parse = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
/** Scores differ in last digits, as batches of other widths add up in another order. */
const closeTo = (line: Line): Line => ({
  ...line,
  ...(line.score !== undefined && { score: expect.closeTo(line.score, 5) }),
  ...(line.labels && { labels: line.labels.map(({ label, score }) => ({ label, score: expect.closeTo(score, 5) })) }),
});

const keptMessage =
  /^(Ctrl-C|SIGTERM): \d{3,4} of 1100 predictions are kept in .*it is SIG\w+\.jsonl\.partial\. Resume with:\n {2}npx multihead predict /;

test('SIGTERM says how many are kept and how to resume', { timeout: 60_000 }, async () => {
  const { signal, stderr } = await interrupted(commands.texts, join(folder, 'it is SIGTERM.jsonl'), 'SIGTERM');
  expect(signal, stderr).toBe('SIGTERM');
  expect(stderr).toMatch(keptMessage);
});

test('so does SIGINT, and with --resume all lines are there', { timeout: 120_000 }, async () => {
  const output = join(folder, 'it is SIGINT.jsonl');
  const { signal, stderr } = await interrupted(commands.texts, output, 'SIGINT');
  expect(signal, stderr).toBe('SIGINT');
  expect(stderr).toMatch(keptMessage);
  expect(stderr.endsWith(` --output '${output}' --resume\n`)).toBe(true);
  expect(readdirSync(`${output}.partial`)).toEqual(['lines.jsonl', 'origin.json']);
  const again = multihead('predict', ...commands.texts, '--output', output);
  expect(again.stderr).toMatch(/^error: .*: holds \d+ lines that an interrupted command has left\. --resume continues/);
  appendFileSync(join(`${output}.partial`, 'lines.jsonl'), '{"text":"cut');
  const resumed = multihead('predict', ...commands.texts, '--output', output, '--resume');
  expect(resumed).toMatchObject({ status: 0, stderr: '', stdout: '' });
  expect(readFileSync(output).equals(whole.texts)).toBe(true);
});

test('with another model, other data and other settings it is not resumed', { timeout: 120_000 }, async () => {
  const output = join(folder, 'changed.jsonl');
  await interrupted(commands.texts, output, 'SIGKILL');
  cpSync(join(folder, 'classifier'), join(folder, 'other'), { recursive: true });
  const config = join(folder, 'other', 'config.json');
  writeFileSync(config, readFileSync(config, 'utf8').replace('disliked', 'hated'));
  writeFileSync(join(folder, 'other.csv'), csv(20));
  const [task = ''] = commands.texts;
  const other = ['--model', join(folder, 'other'), '--data', join(folder, 'other.csv'), '--top-k', '2'];
  const refused = multihead('predict', task, ...other, '--output', output, '--resume').stderr;
  expect(refused).toContain('has changed: the examples of --data, the model, the settings. Resume with what');
  expect(readdirSync(`${output}.partial`)).toEqual(['lines.jsonl', 'origin.json']);
  const anew = multihead('predict', task, ...other, '--output', output, '--overwrite');
  expect(anew).toMatchObject({ status: 0, stderr: '' });
  expect(parse(readFileSync(output, 'utf8'))[0]?.labels).toHaveLength(2);
});

test('who reads the first lines only ends it by SIGPIPE, without a word', { timeout: 60_000 }, () => {
  const command = [process.execPath, bin, 'predict', ...commands.texts].map((part) => `'${part}'`).join(' ');
  const { stdout, stderr } = spawnSync('bash', ['-c', `${command} | head -3; echo "\${PIPESTATUS[0]}"`], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout).toBe(`${whole.texts.toString().split('\n').slice(0, 3).join('\n')}\n141\n`);
});

test('flags that go together', { timeout: 60_000 }, () => {
  const told = (...args: string[]): string => multihead('predict', ...commands.texts, ...args).stderr;
  expect(told('--resume')).toBe('error: --resume goes with --output FILE\n');
  expect(told('--output', 'x', '--resume', '--overwrite')).toBe(
    'error: --resume and --overwrite exclude each other; give one of them\n',
  );
  const [task = ''] = commands.texts;
  const alone = multihead('predict', task, '--model', join(folder, 'classifier'), 'a text', '--resume').stderr;
  expect(alone).toBe('error: --resume goes with --data FILE\n');
});
