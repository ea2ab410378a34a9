/** @file `multihead predict fill-mask` as a user meets it; references from fixtures/fill-mask. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';

const fixtures = fileURLToPath(new URL('../../../../fixtures', import.meta.url));
const expected = JSON.parse(readFileSync(join(fixtures, 'fill-mask/expected.json'), 'utf8')) as {
  texts: string[];
  all: { score: number; token: number; token_str: string; sequence: string }[][];
};

let model: string;
beforeAll(() => {
  model = mkdtempSync(join(tmpdir(), 'multihead-'));
  for (const name of ['bert/mlm/config.json', 'bert/mlm/model.safetensors', 'fill-mask/vocab.txt']) {
    cpSync(join(fixtures, name), join(model, name.split('/').at(-1) as string));
  }
});
afterAll(() => rmSync(model, { recursive: true }));

const predict = (...args: string[]) => multihead('predict', 'fill-mask', '--model', model, ...args);

test('prints probability, token and text', () => {
  const { stdout, stderr, status } = predict(expected.texts[0] as string, '--top-k', '4');
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const lines = expected.all[0]?.map((fill) => `${fill.score.toFixed(4)}\t${fill.token_str}\t${fill.sequence}\n`);
  expect(stdout).toBe(lines?.join(''));
  expect(
    predict(expected.texts[0] as string)
      .stdout.trimEnd()
      .split('\n'),
  ).toHaveLength(5);
});

test('keeps the hidden places of a text apart', () => {
  expect(predict('the [MASK] of [MASK]', '--top-k', '2').stdout).toMatch(/^.+\n.+\n\n.+\n.+\n$/);
});

test('prints JSON, one line a text', () => {
  const { stdout } = predict(...expected.texts, '--json', '--top-k', '1');
  const lines = stdout.trimEnd().split('\n');
  const found = lines.map((line) => JSON.parse(line) as { text: string; fills: unknown[] });
  expect(found.map(({ text }) => text)).toEqual(expected.texts);
  const [first] = expected.all[0] as [(typeof expected.all)[number][number]];
  expect(found[0]?.fills).toMatchObject([{ token: first.token, tokenStr: first.token_str, sequence: first.sequence }]);
  expect(found[1]?.fills).toMatchObject([[{ token: expect.any(Number) }], [{ token: expect.any(Number) }]]);
});

test.each<[string, string[], RegExp]>([
  ['no text', [], /fill-mask needs a text/],
  ['a text without mask', ['the film'], /text 1 has no \[MASK\]/],
  ['no tokens', ['[MASK]', '--top-k', '0'], /--top-k is 0; it must be a whole number/],
])('%s: a clear error and a non-zero exit', (_, args, message) => {
  const { stderr, status } = predict(...args);
  expect(stderr).toMatch(message);
  expect(status).toBe(1);
});
