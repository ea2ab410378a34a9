/** @file Names of what is being written: one writer each, and whose it is. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createFile, realPath, writeAtomically } from '../node.js';
import { machine } from './machine.js';
import { isAbandoned, nameOfPartial, partialPath } from './partial.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'multihead-'));
const dead = () => spawnSync(process.execPath, ['-e', '']).pid as number;

test('two writers of one name have a file each, and the last to end gives it', async () => {
  const path = join(newFolder(), 'a');
  const [first, second] = [await createFile(path), await createFile(path)];
  await first.write('first');
  await second.write('second');
  await second.commit();
  await first.commit();
  expect(readFileSync(path, 'utf8')).toBe('first');
  expect(readdirSync(join(path, '..'))).toEqual(['a']);
});

test('a link that somebody put where a file is to be is replaced, and what it points to is not touched', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'victim'), 'mine');
  symlinkSync('victim', join(folder, 'a'));
  await writeAtomically(join(folder, 'a'), 'new');
  expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('mine');
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
});

test('a name as long as may be can be written', async () => {
  const path = join(newFolder(), '文'.repeat(85)); // 255 bytes
  await writeAtomically(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('what a partial file was to be', () => {
  expect(nameOfPartial(partialPath(join('a', 'b.partial')))).toBe('b.partial');
  for (const name of ['thesis.partial', 'a.partial-4711', 'a.partial-0123-1-2', 'partial-01234567-1-01234567']) {
    expect(nameOfPartial(name), name).toBe(undefined);
  }
});

test('a partial file is abandoned where its process is no more, and on another machine after a day', async () => {
  const folder = newFolder();
  const at = (where: string, pid: number, hoursAgo: number) => {
    const path = join(folder, `a.partial-${where}-${pid}-01234567`);
    writeFileSync(path, '');
    utimesSync(path, Date.now() / 1000, Date.now() / 1000 - hoursAgo * 3600);
    return path;
  };
  expect(await isAbandoned(at(machine, dead(), 0))).toBe(true);
  expect(await isAbandoned(at(machine, process.pid, 100))).toBe(false);
  const elsewhere = machine === '00000000' ? '11111111' : '00000000';
  expect(await isAbandoned(at(elsewhere, dead(), 23))).toBe(false);
  expect(await isAbandoned(at(elsewhere, process.pid, 25))).toBe(true);
  expect(await isAbandoned(join(folder, 'thesis.partial'))).toBe(false);
});

const canUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;
if (!canUnshare) console.log('PID namespaces are not tested: this user may not make any');

test.runIf(canUnshare)('equal process numbers in two PID namespaces are two machines', () => {
  const url = fileURLToPath(new URL('./partial.js', import.meta.url));
  const code = `import(${JSON.stringify(url)}).then(({ partialPath }) => console.log(partialPath('a')))`;
  const names = [1, 2].map(() => {
    const args = ['--pid', '--fork', '--mount-proc', process.execPath, '--input-type=module', '-e', code];
    return spawnSync('unshare', args, { encoding: 'utf8' }).stdout.trim();
  });
  for (const name of names) expect(name).toMatch(/^a\.partial-[0-9a-f]{8}-1-/);
  expect(new Set([...names.map((name) => name.split('-')[1]), machine]).size).toBeGreaterThan(1);
  expect(names[0]).not.toBe(names[1]);
});

test('the real path of what is there, and of what is not yet', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'a'), '');
  symlinkSync('a', join(folder, 'b'));
  symlinkSync(folder, join(folder, 'self'));
  expect(await realPath(join(folder, 'b'))).toBe(await realPath(join(folder, 'a')));
  expect(await realPath(join(folder, 'self', 'new', 'c'))).toBe(join(await realPath(folder), 'new', 'c'));
  expect(basename(await realPath(join(folder, '.', 'self', 'b')))).toBe('a');
});
