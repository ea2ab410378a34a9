import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { UserError } from '../errors.js';
import { parseJson, readJson } from './json.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/data/${name}`, import.meta.url));

test('reads a file', async () => {
  expect(await readJson(fixture('squad.json'))).toMatchObject({ version: '1.1' });
});

test('an error names the file, the line and the column', async () => {
  const path = fixture('intents.csv');
  await expect(readJson(path)).rejects.toThrow(
    new UserError(`${path}:1:1: not valid JSON: expected a value, found "t"`),
  );
  expect(() => parseJson('{\n  "a": 1,\n  "é": 😀\n}', 'a.json')).toThrow(
    new UserError('a.json:3:8: not valid JSON: expected a value, found "😀"'),
  );
  expect(() => parseJson('{"a": 1,}', 'a.jsonl', 41)).toThrow('a.jsonl:41:9: not valid JSON');
});

test('an empty file is told as such, and a missing one', async () => {
  expect(() => parseJson(' \n', 'a.json')).toThrow('a.json: empty; JSON was expected');
  await expect(readJson('no/such/file.json')).rejects.toThrow('no/such/file.json: no such file');
});

test('nesting that would overflow the stack of whatever walks through it is refused where it begins', () => {
  const nested = (depth: number) => `{"a \\"[":\n${'['.repeat(depth)}${']'.repeat(depth)}}`;
  expect(JSON.stringify(parseJson(nested(499), 'a.json'))).toContain(']]}');
  expect(() => parseJson(nested(500), 'a.json')).toThrow(
    new UserError(
      'a.json:2:500: more than 500 arrays and objects, one in the other; no file that is meant here is so deep',
    ),
  );
  expect(parseJson(`[${'[["]", {"a": {}}]],'.repeat(1000)}1]`, 'a.json')).toHaveLength(1001); // wide is not deep
});
