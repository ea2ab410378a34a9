import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { toyFolder } from '../../testing/toy.js';
import { lockOutput } from './run-lock.js';

const racer = fileURLToPath(new URL('../../testing/lock-racer.js', import.meta.url));
const gone = spawnSync(process.execPath, ['-e', '']).pid as number;
const lockIn = (folder: string) => join(folder, 'run.lock');

/** A new folder with a lock in it. */
function locked(holder: object | string, name = 'run'): string {
  const folder = join(toyFolder(), name);
  mkdirSync(folder);
  writeFileSync(lockIn(folder), typeof holder === 'string' ? holder : JSON.stringify(holder));
  return folder;
}

/** What each racer got, once it has tried for all: they start at one moment, when the last of them is up. */
async function race(children: readonly ChildProcessWithoutNullStreams[]): Promise<number[][]> {
  const lines = children.map(linesOf);
  await Promise.all(lines.map((each) => each.next()));
  for (const child of children) child.stdin.write(`${Date.now() + 100}\n`);
  return Promise.all(lines.map(async (each) => JSON.parse((await each.next()).value as string) as number[]));
}

async function* linesOf(child: ChildProcessWithoutNullStreams): AsyncGenerator<string, never> {
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  for await (const line of createInterface({ input: child.stdout })) yield line;
  throw new Error(`a racer ended: ${errors}`);
}

const ended = (child: ChildProcessWithoutNullStreams) =>
  new Promise((resolve) => {
    child.once('exit', resolve);
    child.stdin.end();
  });

test('many runs in one process are let go by one listener', () => {
  const folder = toyFolder();
  const before = process.listenerCount('exit');
  for (let seed = 1; seed <= 12; seed++) {
    lockOutput(join(folder, `seed-${seed}`));
    expect(existsSync(lockIn(join(folder, `seed-${seed}`)))).toBe(true);
  }
  expect(process.listenerCount('exit')).toBe(before + 1);
});

test.each([
  ['that a dead process left', { pid: gone, host: hostname() }],
  ['that a power cut emptied', ''],
  ['of a folder that is free', undefined],
  ['whose number another process has got', { pid: process.pid, host: hostname(), start: '1', machine: 'here' }],
])('of eight processes that want a lock at one moment, one gets it, forty times: a lock %s', async (_, left) => {
  const { machine } = await import('../../platform/files/node/machine.js');
  const root = toyFolder();
  const folders = Array.from({ length: 40 }, (_, i) => join(root, `run-${i}`));
  for (const folder of folders) {
    mkdirSync(folder);
    const holder = left === '' ? '' : JSON.stringify(left)?.replace('"here"', `"${machine}"`);
    if (holder !== undefined) writeFileSync(lockIn(folder), holder);
    if (left === '') utimesSync(lockIn(folder), 1, 1);
  }
  const children = Array.from({ length: 8 }, () => spawn(process.execPath, [racer, '20', ...folders]));
  const got = await race(children);
  const winners = folders.map((_, i) => got.reduce((sum, each) => sum + (each[i] as number), 0));
  expect(winners).toEqual(folders.map(() => 1));
  for (const folder of folders) expect(readdirSync(folder)).toEqual(['run.lock']);
  await Promise.all(children.map(ended));
  for (const folder of folders) if (existsSync(folder)) expect(readdirSync(folder)).toEqual([]);
});

test('an heir that died before it came into its own has an heir itself', () => {
  const folder = locked({ pid: gone, host: hostname(), id: 'a' });
  for (const [old, heir] of ['ab', 'bc'])
    writeFileSync(`${lockIn(folder)}.claim-${old}`, JSON.stringify({ pid: gone, host: hostname(), id: heir }));
  lockOutput(folder);
  expect(readdirSync(folder)).toEqual(['run.lock']);
  expect(JSON.parse(readFileSync(lockIn(folder), 'utf8'))).toMatchObject({ pid: process.pid });
});

test('an heir that is alive, and not yet in its place, has the lock', () => {
  const folder = locked({ pid: gone, host: hostname(), id: 'a' });
  writeFileSync(`${lockIn(folder)}.claim-a`, JSON.stringify({ pid: process.ppid, host: hostname(), id: 'b' }));
  expect(() => lockOutput(folder)).toThrow(`another run (process ${process.ppid}) is writing into it`);
});

test('the lock of another host holds as long as its run gives signs of life, and not for ever', () => {
  const folder = locked({ pid: gone, host: 'elsewhere', machine: '01234567', id: 'a' });
  const seconds = Date.now() / 1000;
  utimesSync(lockIn(folder), seconds, seconds - 200);
  expect(() => lockOutput(folder)).toThrow(`another run (process ${gone} on elsewhere) is writing into it`);
  utimesSync(lockIn(folder), seconds, seconds - 400);
  lockOutput(folder);
});

const canUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;
if (!canUnshare) console.log('two PID namespaces are not tested: this user may not make any');

test.runIf(canUnshare)('of two containers, whose process numbers are equal, one gets the lock', async () => {
  const folder = join(toyFolder(), 'run');
  const start = () =>
    spawn('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', process.execPath, racer, '0', folder]);
  const first = start();
  expect(await race([first])).toEqual([[1]]);
  expect(JSON.parse(readFileSync(lockIn(folder), 'utf8'))).toMatchObject({ pid: 1 });
  const second = start();
  expect(await race([second])).toEqual([[0]]);
  await ended(second);
  expect(existsSync(lockIn(folder))).toBe(true);
  await ended(first);
});
