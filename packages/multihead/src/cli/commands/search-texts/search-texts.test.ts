/** @file `multihead search-texts` as a user meets it, over the tiny model of fixtures/sentence. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../testing/temporary-folder.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));
const fixtures = fileURLToPath(new URL('../../../../fixtures/sentence', import.meta.url));
const { texts } = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as { texts: string[] };
const lines = texts.filter((text) => text.trim() !== '');

const folder = temporaryFolder();
const file = (name: string, content: readonly string[]): string => {
  writeFileSync(join(folder, name), content.map((line) => `${line}\n`).join(''));
  return join(folder, name);
};
const corpus = file('texts.txt', lines);
const run = (command: string, args: readonly string[], input = '') =>
  spawnSync(process.execPath, [bin, command, '--model', join(fixtures, 'model'), ...args], { encoding: 'utf8', input });
const search = (args: readonly string[], input?: string) => run('search-texts', ['--texts', corpus, ...args], input);

interface Found {
  query: string;
  hits: { line: number; score: number; text: string }[];
}
const found = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Found);

test('a text is nearest to itself: score, line and text', () => {
  const { stdout, stderr, status } = search(['--top-k', '2', lines[1] as string]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout.split('\n')[0]).toBe(`1.0000\t2\t${lines[1]}`);
  expect(stdout.trimEnd().split('\n')).toHaveLength(2);
});

test('several queries, of a file or standard input, as text and as JSON lines', () => {
  const queries = lines.slice(0, 2);
  const json = search(['--queries', file('queries.txt', queries), '--json', '--top-k', '1']).stdout;
  expect(found(json)).toEqual(
    queries.map((query, i) => ({ query, hits: [{ line: i + 1, score: expect.closeTo(1, 5), text: query }] })),
  );
  expect(search(['--queries', '-', '--json', '--top-k', '1'], queries.join('\n')).stdout).toBe(json);
  const text = search(['--top-k', '1', ...queries]).stdout;
  expect(text).toBe(queries.map((query, i) => `${query}\n  1.0000\t${i + 1}\t${query}\n`).join(''));
});

describe('vectors that embed wrote', () => {
  const expected = search(['--json', ...lines]).stdout;

  test.each(['float32', 'uint8', 'binary'])('%s', (precision) => {
    const vectors = join(folder, `${precision}.npy`);
    expect(run('embed', [corpus, '--output', vectors, '--precision', precision])).toMatchObject({
      stderr: '',
      status: 0,
    });
    const { stdout, stderr } = search(['--vectors', vectors, '--json', ...lines]);
    expect(stderr).toBe('');
    const near = found(stdout).map(({ hits }) => hits[0]?.score as number);
    if (precision === 'float32') expect(stdout).toBe(expected);
    else expect(Math.min(...near)).toBeGreaterThan(precision.endsWith('int8') ? 0.99 : 0.6);
  });

  test('int8 by the ranges of other vectors', () => {
    const [whole, part] = ['whole.npy', 'part.npy'].map((name) => join(folder, name)) as [string, string];
    run('embed', [corpus, '--output', whole, '--precision', 'int8']);
    const ranges = whole.replace('.npy', '.ranges.npy');
    const some = file('some.txt', lines.slice(1, 3));
    expect(run('embed', [some, '--output', part, '--precision', 'int8', '--ranges', ranges]).stderr).toBe('');
    const rows = (path: string) => readFileSync(path).subarray(128);
    expect(rows(part)).toEqual(rows(whole).subarray(16, 48));
    expect(readFileSync(part.replace('.npy', '.ranges.npy'))).toEqual(readFileSync(ranges));
  });
});

test('the first elements of the vectors', () => {
  const vectors = join(folder, 'short.npy');
  run('embed', [corpus, '--output', vectors, '--dimensions', '6']);
  expect(readFileSync(vectors).subarray(0, 128).toString('latin1')).toContain(`'shape': (${lines.length}, 6)`);
  const { stdout } = search(['--vectors', vectors, '--dimensions', '6', '--json', ...lines]);
  expect(stdout).toBe(search(['--dimensions', '6', '--json', ...lines]).stdout);
  expect(search(['--vectors', vectors, 'a']).stderr).toMatch(
    /short\.npy: vectors of 6 elements, and the model makes 16; give the model that made them, and --dimensions 6/,
  );
});

test('bits of vectors whose size is no multiple of 8, in the place of int8', () => {
  const vectors = join(folder, 'replaced.npy');
  for (const precision of ['int8', 'binary']) {
    const { status } = run('embed', [corpus, '--output', vectors, '--dimensions', '12', '--precision', precision]);
    expect(status).toBe(0);
    const { stdout, stderr } = search(['--vectors', vectors, '--dimensions', '12', '--json', ...lines]);
    expect(stderr).toBe('');
    expect(Math.min(...found(stdout).map(({ hits }) => hits[0]?.score as number))).toBeGreaterThan(0.6);
  }
});

describe('bad input', () => {
  test.each<[string, () => { stderr: string; status: number | null }, RegExp]>([
    ['no query', () => search([]), /expected queries: as arguments, or one per line in --queries FILE/],
    ['queries twice', () => search(['--queries', corpus, 'a']), /expected queries/],
    [
      'vectors of other texts',
      () => {
        run('embed', [file('two.txt', lines.slice(0, 2)), '--output', join(folder, 'two.npy')]);
        return search(['--vectors', join(folder, 'two.npy'), 'a']);
      },
      /two\.npy: holds 2 vectors, but .*texts\.txt has \d+ lines/,
    ],
    ['no such text file', () => run('search-texts', ['--texts', 'nowhere.txt', 'a']), /nowhere\.txt: no such file/],
    [
      'bits as JSON lines',
      () => run('embed', [corpus, '--precision', 'binary']),
      /--precision binary needs --output FILE\.npy/,
    ],
    [
      'a prompt that there is not',
      () => run('embed', [corpus, '--prompt-name', 'q']),
      /--prompt-name is "q"; .* has the prompts .*\. Give the text itself as --prompt/,
    ],
    [
      'too many dimensions',
      () => run('embed', [corpus, '--dimensions', '17']),
      /--dimensions is 17; expected a whole number from 1 to 16/,
    ],
  ])('%s: a clear error and a non-zero exit', (_, call, message) => {
    const { stderr, status } = call();
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at |fault of Multihead/m);
    expect(status).toBe(1);
  });
});

test('an empty file of texts is refused', () => {
  const { status, stderr } = search(['--texts', file('empty.txt', []), 'a query']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/empty\.txt: the file is empty; expected a text per line/);
});
