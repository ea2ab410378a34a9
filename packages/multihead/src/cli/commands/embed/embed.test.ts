/** @file `multihead embed` as a user meets it; references from fixtures/sentence. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));
const fixtures = fileURLToPath(new URL('../../../../fixtures/sentence', import.meta.url));
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
  texts: string[];
  default: number[][];
  cls: number[][];
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const embed = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, [bin, 'embed', '--model', join(fixtures, 'model'), ...args], { encoding: 'utf8', input });

const write = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const allTexts = () => write('texts.txt', expected.texts.map((text) => `${text}\n`).join(''));

/** What JSON lines hold, compared with references. */
function expectLines(stdout: string, texts: readonly string[], vectors: readonly number[][]): void {
  const lines = stdout.trimEnd().split('\n');
  const found = lines.map((line) => JSON.parse(line) as { text: string; embedding: number[] });
  expect(found.map(({ text }) => text)).toEqual(texts);
  const differences = found.flatMap(({ embedding }, i) =>
    embedding.map((x, j) => Math.abs(x - (vectors[i]?.[j] as number))),
  );
  expect(differences).toHaveLength(16 * texts.length);
  expect(Math.max(...differences)).toBeLessThan(1e-5);
}

test('JSON lines, one a line of the file, the empty one too', () => {
  const { stdout, stderr, status } = embed([allTexts()]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expectLines(stdout, expected.texts, expected.default);
});

test('from standard input, with a pooling of ones own', () => {
  const input = `${expected.texts.slice(0, 2).join('\r\n')}`;
  for (const more of [[], ['-']]) {
    const { stdout } = embed(['--pooling', 'cls', '--no-normalize', ...more], input);
    expectLines(stdout, expected.texts.slice(0, 2), expected.cls.slice(0, 2));
  }
});

test('a NumPy file, as numpy.save writes it', () => {
  const output = join(folder, 'deep', 'vectors.npy');
  const { stdout, stderr, status } = embed([allTexts(), '--output', output, '--batch-size', '2']);
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
  const [bytes, reference] = [readFileSync(output), readFileSync(join(fixtures, 'vectors.npy'))];
  expect(bytes.length).toBe(reference.length);
  expect(bytes.subarray(0, 128)).toEqual(reference.subarray(0, 128));
  for (let at = 128; at < bytes.length; at += 4) {
    expect(bytes.readFloatLE(at)).toBeCloseTo(reference.readFloatLE(at), 5);
  }
  expect(readdirSync(join(folder, 'deep'))).toEqual(['vectors.npy']);
});

test('more lines than are read at a time keep their order', () => {
  const texts = Array.from({ length: 2_050 }, (_, i) => expected.texts[i % expected.texts.length] as string);
  const output = join(folder, 'many.npy');
  expect(embed([write('many.txt', `${texts.join('\n')}\n`), '--output', output]).status).toBe(0);
  const bytes = readFileSync(output);
  expect(bytes.subarray(0, 128).toString('latin1')).toContain("'shape': (2050, 16)");
  for (const row of [0, 1, 2046, 2047, 2048, 2049]) {
    const value = bytes.readFloatLE(128 + row * 64);
    expect(value).toBeCloseTo(expected.default[row % expected.texts.length]?.[0] as number, 5);
  }
});

test('no lines are no vectors', () => {
  expect(embed([write('empty.txt', '')])).toMatchObject({ stdout: '', stderr: '', status: 0 });
  const output = join(folder, 'empty.npy');
  expect(embed([write('empty.txt', ''), '--output', output]).status).toBe(0);
  expect(readFileSync(output).toString('latin1')).toContain("'shape': (0, 16)");
});

describe('bad input', () => {
  test.each<[string, () => string[], RegExp]>([
    ['no such file', () => [join(folder, 'nowhere.txt')], /nowhere\.txt: no such file or folder/],
    ['a folder for a file', () => [folder], /is a folder; a file was expected/],
    [
      'bytes that are no UTF-8',
      () => [write('latin1.txt', Buffer.from('fine\ncaf\xe9\n', 'latin1'))],
      /latin1\.txt:2: not valid UTF-8 text/,
    ],
    [
      'another kind of file',
      () => [allTexts(), '--output', 'vectors.csv'],
      /--output is vectors\.csv; a name that ends/,
    ],
    [
      'a pooling that is none',
      () => [allTexts(), '--pooling', 'first'],
      /Allowed choices are mean, cls, max, lasttoken, pooler/,
    ],
    ['more tokens than the model reads', () => [allTexts(), '--max-length', '99'], /reads no more than 20 tokens/],
    ['a batch of nothing', () => [allTexts(), '--batch-size', '0'], /--batch-size is 0; it must be a whole number/],
    ['no model', () => [allTexts(), '--model', folder], /config\.json: no such file/],
  ])('%s: a clear error and a non-zero exit', (_, args, message) => {
    const { stderr, status } = embed(args());
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at |fault of Multihead/m);
    expect(status).toBe(1);
  });

  test('a file that was there stays as it was, and nothing is left beside it', () => {
    const output = write('kept.npy', 'mine');
    const input = write('broken.txt', Buffer.from('fine\n\xff\n', 'latin1'));
    expect(embed([input, '--output', output]).status).toBe(1);
    expect(readFileSync(output, 'utf8')).toBe('mine');
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
    expect(embed([input, '--output', join(folder, 'kept.npy', 'in.npy')]).stderr).toMatch(/kept\.npy: is a file/);
  });
});
