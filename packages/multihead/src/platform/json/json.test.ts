import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../errors.js';
import { parseJson, parseJsonData, readJson } from './json.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/data/${name}`, import.meta.url));

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

test('integers beyond 2^53 of data keep their digits, and strings their text', () => {
  expect(parseJsonData('{"a": [9007199254740993, -12345678901234567890], "b": 9007199254740991}', 'a.json')).toEqual({
    a: [9007199254740993n, -12345678901234567890n],
    b: 9007199254740991,
  });
  const strings = '{"#9007199254740993": "#9007199254740993", "\\"1": "\\u0023#9007199254740993, \\\\", "c": 1e30}';
  expect(parseJsonData(strings, 'a.json')).toEqual(JSON.parse(strings));
  expect(parseJsonData(strings.replace('1e30', '9007199254740993'), 'a.json')).toEqual({
    ...JSON.parse(strings),
    c: 9007199254740993n,
  });
  expect(() => parseJsonData('{"a": 9007199254740993,}', 'a.json')).toThrow('a.json:1:24: not valid JSON');
});

test('any JSON comes as it is, but for long integers', () => {
  const written = (value: unknown): string =>
    Array.isArray(value)
      ? `[${value.map(written).join(', ')}]`
      : typeof value === 'bigint'
        ? `${value}`
        : JSON.stringify(value);
  const values = fc.array(fc.oneof(fc.bigInt(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string()));
  const expected = (value: unknown) =>
    typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : Object.is(value, -0) ? 0 : value;
  fc.assert(
    fc.property(values, (list) => {
      fc.pre(!list.some((value) => Number.isInteger(value) && !Number.isSafeInteger(value)));
      expect(parseJsonData(written(list), 'a.json')).toEqual(list.map(expected));
    }),
  );
});
