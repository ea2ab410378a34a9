/** @file Checkpoints that go: whatever moment a process is killed at, what is called checkpoint-N is whole. */
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { cleanUp, latestCheckpoint } from './checkpoint.js';

const removed: string[] = [];
vi.mock('#files', async (importOriginal) => {
  const files = await importOriginal<{ remove(path: string): Promise<void> }>();
  return {
    ...files,
    // What a kill in the middle of removing a folder leaves: the folder, without its first file.
    async remove(path: string) {
      removed.push(basename(path));
      if (readdirSync(join(path, '..')).includes(basename(path))) throw new Error('killed here');
    },
  };
});

test('a checkpoint that is half removed has its name no more', async () => {
  const output = mkdtempSync(join(tmpdir(), 'multihead-'));
  for (const step of [2, 10]) {
    mkdirSync(join(output, `checkpoint-${step}`));
    writeFileSync(join(output, `checkpoint-${step}`, 'trainer_state.json'), '{}');
  }
  await expect(cleanUp(output, { checkpoints: true })).rejects.toThrow('killed here');
  expect(await latestCheckpoint(output)).toBe(join(output, 'checkpoint-2'));
  expect(removed.at(-1)).toMatch(/^checkpoint-10\.partial-/);
  expect(readdirSync(output)).toContain(removed.at(-1)); // cleanUp takes it away at the next start
});
