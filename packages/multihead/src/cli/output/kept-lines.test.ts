import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createFile } from '#files';
import { keptLines } from './kept-lines.js';

const root = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const newOutput = (): string => join(mkdtempSync(join(root, 'case-')), 'found.jsonl');
const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `{"number":${from + i},"text":"é\\n"}\n`);
const origin = { 'the model': 'a', 'the settings': '{}' };

/** What a command leaves that ends after so many lines. */
async function interruptedAfter(count: number, behind = ''): Promise<string> {
  const output = newOutput();
  await (await keptLines(output, origin, {})).write(lines(0, count));
  appendFileSync(join(`${output}.partial`, 'lines.jsonl'), behind);
  return output;
}

test('an unbroken command leaves the file alone', async () => {
  const output = newOutput();
  const kept = await keptLines(output, origin, {});
  expect(existsSync(output)).toBe(false);
  for (let at = 0; at < 30; at += 10) await kept.write(lines(at, at + 10));
  await kept.finish();
  expect(readFileSync(output, 'utf8')).toBe(lines(0, 30).join(''));
  expect(readdirSync(join(output, '..'))).toEqual(['found.jsonl']);
});

test('without a line nothing is left to be resumed', async () => {
  const output = newOutput();
  await keptLines(output, origin, {});
  expect((await keptLines(output, { ...origin, 'the model': 'b' }, {})).keptLines).toBe(0);
  expect(readdirSync(`${output}.partial`)).toEqual(['run.lock']);
});

describe('resumed', () => {
  test.each([
    ['at the end of a line', ''],
    ['in a line', '{"number":7,"te'],
    ['in a character', Buffer.from('{"number":7,"text":"é').subarray(0, -1).toString('latin1')],
    ['at a power cut, of which zeros are left', '\0\0\0\0\n{"number":8}\n'],
  ])('what was cut %s continues after the last whole line', async (_, behind) => {
    const output = await interruptedAfter(7, behind);
    const kept = await keptLines(output, origin, { resume: true });
    expect(kept.keptLines).toBe(7);
    await kept.write(lines(7, 12));
    await kept.finish();
    expect(readFileSync(output, 'utf8')).toBe(lines(0, 12).join(''));
    expect(existsSync(`${output}.partial`)).toBe(false);
  });

  test('with another origin it is refused, and the lines stay', async () => {
    const output = await interruptedAfter(7);
    await expect(keptLines(output, { ...origin, 'the model': 'b' }, { resume: true })).rejects.toThrow(
      `${output}.partial: cannot be resumed, since what it was begun with has changed: the model.`,
    );
    writeFileSync(join(`${output}.partial`, 'origin.json'), '{"the mod');
    await expect(keptLines(output, origin, { resume: true })).rejects.toThrow(/origin\.json.* JSON/);
    expect(readFileSync(join(`${output}.partial`, 'lines.jsonl'), 'utf8')).toBe(lines(0, 7).join(''));
  });

  test('where nothing is left it begins at the beginning', async () => {
    expect((await keptLines(newOutput(), origin, { resume: true })).keptLines).toBe(0);
  });
});

test('what was left is not written over unless that is asked for', async () => {
  const output = await interruptedAfter(7);
  await expect(keptLines(output, origin, {})).rejects.toThrow(
    `${output}.partial: holds 7 lines that an interrupted command has left. --resume continues after them, --overwrite starts anew.`,
  );
  const kept = await keptLines(output, { ...origin, 'the model': 'b' }, { overwrite: true });
  expect(kept.keptLines).toBe(0);
  await kept.write(lines(0, 2));
  await kept.finish();
  expect(readFileSync(output, 'utf8')).toBe(lines(0, 2).join(''));
});

test('a folder of that name that is not ours is left as it is', async () => {
  const output = newOutput();
  mkdirSync(`${output}.partial`);
  writeFileSync(join(`${output}.partial`, 'thesis.txt'), 'mine');
  for (const options of [{}, { resume: true }, { overwrite: true }]) {
    await expect(keptLines(output, origin, options)).rejects.toThrow(/found\.jsonl\.partial: holds thesis\.txt;/);
  }
  expect(readdirSync(`${output}.partial`)).toEqual(['thesis.txt']);
});

test.each([
  ['a folder', () => mkdtempSync(join(root, 'folder-'))],
  ['a device or a pipe', () => '/dev/null'],
  [
    'a device or a pipe',
    () => {
      const link = join(mkdtempSync(join(root, 'link-')), 'null');
      symlinkSync('/dev/null', link);
      return link;
    },
  ],
])('%s is refused, and nothing is made beside it', async (kind, made) => {
  const output = made();
  await expect(keptLines(output, origin, {})).rejects.toThrow(`${output}: is ${kind}, which a file does not replace`);
  await expect(createFile(output)).rejects.toThrow(`${output}: is ${kind}, which a file does not replace`);
  expect(existsSync(`${output}.partial`)).toBe(false);
});
