/** @file Disks that are full or read-only: nothing that was there is lost, and the message says what is wrong where. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { toyFolder } from '../../testing/toy.js';

const bin = fileURLToPath(new URL('../../../bin/multihead.js', import.meta.url));
const multihead = (...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8' });

let folder: string;
let whole: string;
let disk: string;

const train = (output: string, ...more: string[]): string[] => [
  ...['train', 'text-classification', '--from-scratch', '--config', join(folder, 'config.json')],
  ...['--tokenizer', folder, '--train', join(folder, 'train.tsv'), '--eval', join(folder, 'eval.tsv')],
  ...['--output', output, '--epochs', '2', '--learning-rate', '2e-3', '--save-steps', '4', '--json', ...more],
];
const weights = (run: string) => readFileSync(join(run, 'model.safetensors'));

/** A disk of its own, which only root can make: elsewhere the test is left out. */
const mount = (options: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], { encoding: 'utf8' }).status === 0;
const canMount = (() => {
  disk = join(toyFolder(), 'disk');
  mkdirSync(disk);
  const is = mount('size=1m');
  if (is) spawnSync('umount', [disk]);
  else console.log('full and read-only disks are not tested: this user may not mount any');
  return is;
})();

beforeAll(() => {
  folder = toyFolder();
  whole = join(folder, 'whole');
  expect(multihead(...train(whole)).status).toBe(0);
});

describe.runIf(canMount)('a disk', () => {
  afterEach(() => {
    spawnSync('umount', [disk]);
  });

  test('that gets full while a checkpoint is written: the one before is there, and the run goes on from it', () => {
    expect(mount('size=380k')).toBe(true); // one checkpoint takes 260 KB: a second one finds no room beside it
    const run = join(disk, 'run');
    const { status, stderr } = multihead(...train(run));
    expect(status).toBe(1);
    expect(stderr).toMatch(/error: .*checkpoint-8\.partial-[^/]*\/.*: the disk is full; make room there/);
    expect(stderr).not.toContain('fault of Multihead');
    expect(readdirSync(run).filter((name) => /checkpoint|partial/.test(name))).toEqual(['checkpoint-4']);
    expect(mount('remount,size=20m')).toBe(true);
    const resumed = multihead(...train(run, '--resume'));
    expect(resumed.stdout).toContain('"resumedAt":4');
    expect(weights(run).equals(weights(whole))).toBe(true);
    expect(readdirSync(run)).toEqual(readdirSync(whole));
  });

  test('that gets full while the model is written: the old model is there', () => {
    expect(mount('size=20m')).toBe(true);
    const run = join(disk, 'run');
    expect(multihead(...train(run)).status).toBe(0);
    const used = Number(spawnSync('du', ['-sk', disk], { encoding: 'utf8' }).stdout.split('\t')[0]);
    expect(mount(`remount,size=${used + 40}k`)).toBe(true);
    const { status, stderr } = multihead(...train(run, '--overwrite', '--seed', '7'));
    expect(status).toBe(1);
    expect(stderr).toContain('the disk is full');
    expect(weights(run).equals(weights(whole))).toBe(true);
    expect(readdirSync(run).filter((name) => name.includes('partial'))).toEqual([]);
    expect(
      multihead('evaluate', 'text-classification', '--model', run, '--data', join(folder, 'eval.tsv')).status,
    ).toBe(0);
  });

  test('that is read-only is refused, and so is one that has become so; what is there can be used', () => {
    expect(mount('size=20m')).toBe(true);
    const run = join(disk, 'run');
    expect(multihead(...train(run)).status).toBe(0);
    expect(mount('remount,ro')).toBe(true);
    for (const args of [train(join(disk, 'new')), train(run, '--overwrite')]) {
      const { status, stderr } = multihead(...args);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^error: .*disk\/.*: the file system is read-only/);
    }
    expect(weights(run).equals(weights(whole))).toBe(true);
    expect(multihead('predict', 'text-classification', '--model', run, 'the film is good').status).toBe(0);
  });
});

test('a file over the size limit is an error that names it; the checkpoint before it is in place', () => {
  const run = join(folder, 'limited');
  // 100 KB, in blocks of 512 bytes: less than the weights
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', 'ulimit -f 200 && exec "$0" "$@"', process.execPath, bin, ...train(run)],
    {
      encoding: 'utf8',
    },
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/error: .*: the file would be larger than is allowed/);
  expect(readdirSync(run)).toEqual(['events.jsonl', 'trainer_state.json']);
});

test('output that cannot be written is no fault of ours', () => {
  const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$@" > /dev/full', process.execPath, bin, 'info', whole], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^error: standard output: ENOSPC/);
  expect(status).toBe(1);
});

test('a clock that jumps changes nothing: the newest checkpoint is the one with the most steps', () => {
  // A clock that jumps back and forth by up to a year, at each look.
  const jumping = `let jump = 0; const now = Date.now; Date.now = () => now() + ((jump = (jump * 31 + 7) % 101) - 50) * 6e8;
    const Old = Date; globalThis.Date = class extends Old { constructor(...a) { a.length ? super(...a) : super(Old.now()); } };`;
  const clock = join(folder, 'clock.mjs');
  writeFileSync(clock, jumping);
  const run = join(folder, 'jumping');
  const jumped = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', clock, bin, ...args], { encoding: 'utf8' });
  expect(jumped(...train(run)).status).toBe(0);
  expect(weights(run).equals(weights(whole))).toBe(true);
});
