/** @file A reader of standard output that is slow gets every line: the command waits for it before it ends. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../../bin/multihead.js', import.meta.url));
const model = fileURLToPath(new URL('../../../fixtures/sentence/model', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(folder, { recursive: true }));

const texts = (count: number): string => {
  const path = join(folder, `${count}.txt`);
  writeFileSync(path, 'a text of some words\n'.repeat(count));
  return path;
};

const posix = process.platform !== 'win32';

// A pipe takes 64 KiB; the lines have 150.
test.runIf(posix)('600 vectors, of which the reader takes the first when all are written', () => {
  const embed = `'${process.execPath}' '${bin}' embed '${texts(600)}' --model '${model}'`;
  const script = `{ ${embed}; echo "status $?" >&2; } | { sleep 5; wc -l; }`;
  const { stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  expect([stdout.trim(), stderr.trim()]).toEqual(['600', 'status 0']);
});

test.runIf(posix)('an interrupted command leaves nothing beside its output', async () => {
  const output = join(folder, 'vectors', 'all.npy');
  const child = spawn(process.execPath, [bin, 'embed', texts(200_000), '--model', model, '--output', output]);
  const begun = setInterval(() => {
    if (partials().length > 0) child.kill('SIGINT');
  }, 20);
  const partials = (): string[] => {
    try {
      return readdirSync(join(folder, 'vectors'));
    } catch {
      return [];
    }
  };
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
  clearInterval(begun);
  expect([signal, partials()]).toEqual(['SIGINT', []]);
});
