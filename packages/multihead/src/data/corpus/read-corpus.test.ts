/** @file Reading a corpus from real files, good and bad. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../platform/errors.js';
import { type CorpusNote, describeNote } from './corpus-warnings.js';
import { type CorpusOptions, readCorpus } from './read-corpus.js';

const fixtures = fileURLToPath(new URL('../../../fixtures/data/corpus', import.meta.url));
const temporary: string[] = [];
afterAll(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/** A new folder with these files. */
function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'multihead-corpus-'));
  temporary.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

async function read(sources: string | string[], options: CorpusOptions = {}) {
  const texts: string[] = [];
  const paths: string[] = [];
  const notes: CorpusNote[] = [];
  for await (const { text, path } of readCorpus(sources, { onNote: (note) => notes.push(note), ...options })) {
    texts.push(text);
    paths.push(path);
  }
  return { texts, paths, notes };
}
/** Reads a single file of this content. */
async function readOne(content: string | Uint8Array, options: CorpusOptions = {}, name = 'a.txt') {
  const folder = folderOf({ [name]: content });
  const { texts, notes } = await read(join(folder, name), options);
  return { texts, notes: notes.map(({ problem, count }) => [problem, count]) };
}

describe('sources', () => {
  const files = {
    'b.txt': 'b',
    'a.md': 'a',
    'sub/c.txt': 'c',
    'sub/deep/d.jsonl': '{"text": "d"}',
    '.hidden.txt': 'no',
  };

  test('a folder is all that is in it, sorted', async () => {
    const folder = folderOf(files);
    const { texts, paths } = await read(folder);
    expect(texts).toEqual(['a', 'b', 'c', 'd']);
    expect(paths[3]).toBe(join(folder, 'sub/deep/d.jsonl'));
  });
  test('patterns match names, and sources keep their order', async () => {
    const folder = folderOf(files);
    expect((await read(join(folder, '**/*.txt'))).texts).toEqual(['b', 'c']);
    expect((await read([join(folder, 'sub'), join(folder, '*.{txt,md}')])).texts).toEqual(['c', 'd', 'a', 'b']);
  });
  test('a file that is meant twice is read once', async () => {
    const folder = folderOf(files);
    expect((await read([join(folder, 'b.txt'), `${folder}/sub/../b.txt`, join(folder, 'b.*')])).texts).toEqual(['b']);
  });
  test('a name that looks like a pattern is the file, where there is one', async () => {
    const folder = folderOf({ 'a[1].txt': 'one', 'a1.txt': 'other' });
    expect((await read(join(folder, 'a[1].txt'))).texts).toEqual(['one']);
  });
  test('what stands for no file is named', async () => {
    const folder = folderOf({ 'a.txt': 'a', 'empty/.keep': '' });
    await expect(read(join(folder, 'b.txt'))).rejects.toThrow(new UserError(`${folder}/b.txt: no such file or folder`));
    await expect(read(join(folder, '*.md'))).rejects.toThrow(
      new UserError(`${folder}/*.md: the pattern matches no files`),
    );
    await expect(read(join(folder, 'empty'))).rejects.toThrow(
      new UserError(`${folder}/empty: the folder holds no files`),
    );
    await expect(read([])).rejects.toThrow('a corpus was expected');
  });
});

describe('plain text', () => {
  test('is parted at blank lines, or by line or file', async () => {
    const text = 'one\ntwo\n\nthree\r\n\r\n\r\nfour';
    expect((await readOne(text)).texts).toEqual(['one\ntwo', 'three', 'four']);
    expect((await readOne(text, { documents: 'line' })).texts).toEqual(['one', 'two', 'three', 'four']);
    expect((await readOne(text, { documents: 'file' })).texts).toEqual(['one\ntwo\n\nthree\n\n\nfour']);
  });
  test('without a newline at the end loses nothing', async () =>
    expect((await readOne('one\ntwo', { documents: 'line' })).texts).toEqual(['one', 'two']));
  test('with bytes that are not UTF-8 is read on, and they are counted', async () => {
    const bytes = Buffer.concat([
      Buffer.from('caf'),
      Buffer.from([0xe9]),
      Buffer.from(' ok\n\nb'),
      Buffer.from([0xff]),
    ]);
    expect(await readOne(bytes)).toEqual({ texts: ['caf\ufffd ok', 'b\ufffd'], notes: [['invalid-utf8', 2]] });
  });
  test('with NUL keeps and counts it', async () =>
    expect(await readOne('a\0b\n\n\0\0')).toEqual({ texts: ['a\0b', '\0\0'], notes: [['nul-characters', 3]] }));
  test('that is too long is cut, and the cuts are counted', async () => {
    const text = 'word '.repeat(100).trim();
    const { texts, notes } = await readOne(text, { maxDocumentLength: 100 });
    expect(texts.join('')).toBe(text);
    expect(Math.max(...texts.map(({ length }) => length))).toBe(100);
    expect(notes).toEqual([['cut-documents', 4]]);
  });
  test('of any name is plain text, unless the format says otherwise', async () => {
    expect((await readOne('{"text": "a"}', {}, 'a.json')).texts).toEqual(['{"text": "a"}']);
    expect((await readOne('{"text": "a"}', { format: 'jsonl' }, 'a.json')).texts).toEqual(['a']);
    expect((await readOne('{"text": "a"}', { format: 'text' }, 'a.jsonl')).texts).toEqual(['{"text": "a"}']);
  });
  test('packed with gzip is unpacked, in several members too', async () => {
    const text = 'a line of text\n'.repeat(200_000);
    const packed = Buffer.concat([gzipSync(text), gzipSync('and more\n')]);
    const { texts } = await readOne(packed, { documents: 'line' }, 'a.txt.gz');
    expect(texts.length).toBe(200_001);
    expect(texts.at(-1)).toBe('and more');
    const row = gzipSync('{"text": "a"}\n');
    expect((await readOne(row, {}, 'a.jsonl.gz')).texts).toEqual(['a']);
  });
  test('in UTF-16 behind its byte order mark is read, and what is broken of it is counted', async () => {
    const bytes = Buffer.from('\ufeffGrüße\r\n\n你好😀', 'utf16le');
    for (const each of [bytes, Buffer.from(bytes).swap16()]) {
      expect(await readOne(each)).toEqual({ texts: ['Grüße', '你好😀'], notes: [] });
      expect((await readOne(gzipSync(each), {}, 'a.txt.gz')).texts).toEqual(['Grüße', '你好😀']);
    }
    expect((await readOne(Buffer.from('\ufeff{"text": "é"}\n', 'utf16le'), {}, 'a.jsonl')).texts).toEqual(['é']);
    const broken = Buffer.from('\ufeffa\ud83db', 'utf16le');
    expect(await readOne(broken)).toEqual({ texts: ['a\ufffdb'], notes: [['invalid-utf8', 1]] });
  });
  test('that is no gzip, or broken off, is named', async () => {
    const { length } = gzipSync('text '.repeat(1000));
    for (const content of ['no gzip', gzipSync('text '.repeat(1000)).subarray(0, length - 12)]) {
      await expect(readOne(content, {}, 'a.txt.gz')).rejects.toThrow(/a\.txt\.gz: is no whole gzip file/);
    }
  });
});

describe('files without text', () => {
  test('are skipped with a note', async () => {
    const folder = folderOf({ 'a.txt': '', 'b.txt': 'b', 'c.txt': ' \n\n', 'd.jsonl': '\n' });
    const { texts, notes } = await read(folder);
    expect(texts).toEqual(['b']);
    expect(notes.map(describeNote)).toEqual(
      ['a.txt', 'c.txt', 'd.jsonl'].map((name) => `${join(folder, name)}: holds no text; it is skipped`),
    );
  });
  test('are an error where there is nothing else', async () => {
    const folder = folderOf({ 'a.txt': '', 'b.txt': '\n' });
    await expect(read(folder)).rejects.toThrow(
      new UserError(`${folder}: no text in 2 files; there must be some to read`),
    );
  });
});

describe('rows', () => {
  const all = JSON.parse(readFileSync(join(fixtures, 'texts.json'), 'utf8')) as (string | null)[];
  const filled = all.filter((text) => text);

  test.each([
    ['rows.jsonl', {}],
    ['snappy.parquet', {}],
    ['zstd.parquet', {}],
    ['gzip.parquet', {}],
    ['body.parquet', { textField: 'body' }],
  ])('%s as Python wrote it', async (name, options) => {
    let bytes = 0;
    const path = join(fixtures, name);
    const onBytes = (count: number) => {
      bytes += count;
    };
    const { texts, notes } = await read(path, { ...options, onBytes });
    expect(texts).toEqual(filled);
    expect(notes).toEqual([{ path, problem: 'empty-rows', count: 2 }]);
    expect(bytes).toBe(readFileSync(path).length);
  });
  test('that are too long are cut', async () => {
    const text = `${'x'.repeat(150)} ${'y'.repeat(20)}`;
    const { texts, notes } = await readOne(JSON.stringify({ text }), { maxDocumentLength: 100 }, 'a.jsonl');
    expect(texts).toEqual(['x'.repeat(100), `${'x'.repeat(50)} ${'y'.repeat(20)}`]);
    expect(notes).toEqual([['cut-documents', 1]]);
  });
  test('may have their line in several pieces of the file', async () => {
    const text = 'long '.repeat(600_000);
    const { texts } = await readOne(`${JSON.stringify({ text })}\n{"text":"b"}`, { maxDocumentLength: 1e7 }, 'a.jsonl');
    expect(texts).toEqual([text, 'b']);
  });
  test.each([
    ['{"text": "a"}\n{"text": }', /a\.jsonl:2:10: not valid JSON/],
    ['{"text": "a"}\n\n["b"]', /a\.jsonl:3: each line must be a JSON object such as \{"text": "\.\.\."\}/],
    ['{"body": "a", "id": 1}', /a\.jsonl:1: no field "text" \(fields: body, id\)\. Name the field .* textField/],
    ['{"text": 3}', /a\.jsonl:1: "text" is of type number; a string was expected/],
  ])('that cannot be understood are named: %j', async (content, message) => {
    await expect(readOne(content, {}, 'a.jsonl')).rejects.toThrow(UserError);
    await expect(readOne(content, {}, 'a.jsonl')).rejects.toThrow(message);
  });
  test('Parquet without the column, with numbers in it, broken or packed, is named', async () => {
    const path = join(fixtures, 'snappy.parquet');
    await expect(read(path, { textField: 'body' })).rejects.toThrow(/no column "body" \(columns: id, text\)/);
    await expect(read(path, { textField: 'id' })).rejects.toThrow(
      /snappy\.parquet, row 1: "id" is of type number; a string/,
    );
    const whole = readFileSync(path);
    for (const content of [whole.subarray(0, 1000), new Uint8Array(0), 'PAR1 and no more']) {
      await expect(readOne(content, {}, 'a.parquet')).rejects.toThrow(/a\.parquet: cannot be read as Parquet/);
    }
    const damaged = whole.fill(0xff, 100, 500);
    await expect(readOne(damaged, {}, 'a.parquet')).rejects.toThrow(UserError);
    await expect(readOne(gzipSync(whole), {}, 'a.parquet.gz')).rejects.toThrow('Unpack it first (gunzip)');
  });
});

test('a document’s longest length is checked', async () => {
  await expect(readOne('a', { maxDocumentLength: 10 })).rejects.toThrow(
    'maxDocumentLength is 10; a whole number from 100',
  );
});

test('a line of 100 MB is read in constant memory', () => {
  const path = join(folderOf({}), 'line.txt');
  const file = openSync(path, 'w');
  const part = Buffer.from('a line that never ends '.repeat(1 << 17)).subarray(0, 1_000_000);
  for (let i = 0; i < 100; i++) writeSync(file, part);
  closeSync(file);
  const script = `
    const { readCorpus } = await import(${JSON.stringify(new URL('./read-corpus.js', import.meta.url).href)});
    const { peakMemory } = await import(${JSON.stringify(new URL('../../platform/node/peak-memory.js', import.meta.url).href)});
    let [length, count, longest] = [0, 0, 0];
    for await (const { text } of readCorpus(${JSON.stringify(path)})) {
      length += text.length;
      longest = Math.max(longest, text.length);
      count++;
    }
    console.log(JSON.stringify({ length, count, longest, memory: peakMemory() }));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const { length, count, longest, memory } = JSON.parse(stdout) as Record<string, number>;
  expect(length).toBe(100_000_000);
  expect(longest).toBeLessThanOrEqual(1 << 18);
  expect(count).toBe(382);
  expect(memory).toBeLessThan(200e6); // 50 MB are Node's own
});
