import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserError } from '../errors.js';
import { readJsonlTexts } from './jsonl-texts.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string, field = 'text') {
  const path = join(folder, 'texts.jsonl');
  writeFileSync(path, content);
  const texts: string[] = [];
  for await (const text of readJsonlTexts(path, field)) texts.push(text);
  return texts;
}

test('gives the field of each line; blank lines are passed over, the last needs no end', async () => {
  expect(await read('{"text": "one\\ntwo", "id": 1}\r\n\n{"text": ""}\n{"text": "né\u2028 😀"}')).toEqual([
    'one\ntwo',
    '',
    'né\u2028 😀',
  ]);
  expect(await read('{"body": "b"}\n', 'body')).toEqual(['b']);
  expect(await read('{"toString": "s"}\n', 'toString')).toEqual(['s']);
  expect(await read('')).toEqual([]);
});

test('lines may be longer than what is read at a time', async () => {
  const text = 'some words '.repeat(100_000);
  const texts = await read(`${JSON.stringify({ text })}\n{"text":"short"}\n`);
  expect(texts.map(({ length }) => length)).toEqual([text.length, 5]);
  expect(texts[0] === text).toBe(true);
});

test('says in which line what is wrong', async () => {
  const refused = async (content: string, message: string, field?: string) => {
    await expect(read(content, field)).rejects.toBeInstanceOf(UserError);
    await expect(read(content, field)).rejects.toThrow(message);
  };
  await refused('{"text": "a"}\n{"text": }\n', 'texts.jsonl:2:10: not valid JSON');
  await refused('{"text": "a"}\n\n["a"]', 'texts.jsonl:3: each line must be a JSON object such as {"text": "..."}');
  await refused('{"body": "a", "id": 1}', 'texts.jsonl:1: no text in the field "text" (fields: body, id)');
  await refused('{"text": 5}', 'no text in the field "text" (fields: text). Name the right one with --text-field.');
  await refused('{}', 'no text in the field "toString"', 'toString');
});
