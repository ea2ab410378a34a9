import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { checkLogPlace, createLog, replaceLog } from './log.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'multihead-log-'));
});

test('a log grows, and has what was kept of the one before', () => {
  const path = join(folder, 'deep', 'events');
  const log = createLog(path);
  log.write('one\n');
  log.write(new TextEncoder().encode('two\n'));
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n'); // at once, whatever comes of the process
  log.close();
  log.close();
  const next = replaceLog(path, 'one\n');
  next.write('three\n');
  next.close();
  expect(readFileSync(path, 'utf8')).toBe('one\nthree\n');
  expect(readdirSync(join(folder, 'deep'))).toEqual(['events']);
});

test('what a link points to is not written', () => {
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'mine');
  symlinkSync(victim, join(folder, 'link'));
  expect(() => createLog(join(folder, 'link'))).toThrow('link');
  expect(() => replaceLog(join(folder, 'link'), 'kept')).toThrow('link: is a symbolic link; a file is written there');
  expect(readFileSync(victim, 'utf8')).toBe('mine');
  expect(readlinkSync(join(folder, 'link'))).toBe(victim);
  expect(readdirSync(folder).sort()).toEqual(['link', 'victim']);
});

test('a place where something else lies is refused by what it is', () => {
  mkdirSync(join(folder, 'folder'));
  symlinkSync('nowhere', join(folder, 'link'));
  writeFileSync(join(folder, 'file'), '');
  expect(() => checkLogPlace(join(folder, 'folder'))).toThrow('folder: is a folder; a file is written there');
  expect(() => checkLogPlace(join(folder, 'link'))).toThrow('link: is a symbolic link; a file is written there');
  expect(() => checkLogPlace(join(folder, 'file'))).not.toThrow();
  expect(() => checkLogPlace(join(folder, 'nothing'))).not.toThrow();
  if (spawnSync('mkfifo', [join(folder, 'pipe')]).status !== 0) return;
  expect(() => checkLogPlace(join(folder, 'pipe'))).toThrow('pipe: is a named pipe; a file is written there');
});

test('a folder in its place leaves nothing half written', () => {
  mkdirSync(join(folder, 'events'));
  expect(() => replaceLog(join(folder, 'events'), 'kept')).toThrow('events: is a folder; a file is written there');
  expect(readdirSync(folder)).toEqual(['events']);
});
