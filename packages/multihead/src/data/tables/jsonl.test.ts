import { expect, test } from 'vitest';
import { JsonlRows } from './jsonl.js';

function readJsonlTable(text: string, path: string) {
  const lines = new JsonlRows({ path, unit: 'line' });
  const rows = lines.read(text);
  return { columns: lines.columns, rows };
}

test('columns are all names, in the order of their first coming; what an object lacks is undefined', () => {
  const table = readJsonlTable('{"text": "a", "label": 1}\r\n\n{"extra": [2], "text": "b"}', 'a.jsonl');
  expect(table.columns).toEqual(['text', 'label', 'extra']);
  expect(table.rows).toEqual([
    { line: 1, cells: ['a', 1, undefined] },
    { line: 3, cells: ['b', undefined, [2]] },
  ]);
});

test('a line separator within a string ends no line', () => {
  expect(readJsonlTable('{"text": "a\u2028b"}\n', 'a.jsonl').rows).toEqual([{ line: 1, cells: ['a\u2028b'] }]);
});

test('says on which line what is wrong', () => {
  expect(() => readJsonlTable('{"text": "a"}\n{"text": }\n', 'a.jsonl')).toThrow(
    'a.jsonl:2:10: not valid JSON: expected a value, found "}"',
  );
  expect(() => readJsonlTable('{"text": "a"}\n["b", 1]\n', 'a.jsonl')).toThrow(
    'a.jsonl:2: each line must be a JSON object',
  );
});

test.each(['[\n{"text": "a"}\n]', '[{"text": "a"}, {"text": "b"}]', '{\n  "text": "a"\n}'])(
  'a file of one JSON value is told to be that: %j',
  (text) => {
    expect(() => readJsonlTable(text, 'a.jsonl')).toThrow('one object a line');
  },
);
