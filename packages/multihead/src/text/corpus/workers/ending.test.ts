/** @file Tokenizing workers that are ended while they compute: batches are rejected, and the process is not aborted. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts two workers on batches that take long, and ends them after so many milliseconds. */
const program = `
  import { createEncoderPool } from ${JSON.stringify(new URL('./node.js', import.meta.url).href)};
  const encoder = { tokenType: 'uint16', validationShare: 0.5, seed: 1, sentences: false };
  const tokenizer = ${JSON.stringify(fileURLToPath(new URL('../../../../../../models/mini', import.meta.url)))};
  const texts = Array.from({ length: 3000 }, (_, i) => 'a text of words that are told apart, number ' + i + ', '.repeat(40));
  const pool = createEncoderPool({ tokenizer, encoder }, 2);
  const batches = Array.from({ length: 6 }, () => pool.encode(texts));
  for (const batch of batches) batch.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, Number(process.argv[2])));
  await pool.close();
  const ends = await Promise.allSettled(batches);
  const rejected = ends.filter(({ status }) => status === 'rejected');
  console.log(rejected.length, ...new Set(rejected.map(({ reason }) => reason.message)));
  await pool.encode(['one more']).catch(({ message }) => console.log(message));
`;

test('at ten moments, from before the tokenizer is loaded until batches are under way', () => {
  const file = join(folder, 'end.mjs');
  writeFileSync(file, program);
  const told = 'a tokenizing worker ended before it answered';
  const counts: number[] = [];
  for (let i = 0; i < 10; i++) {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [file, String(i < 3 ? 20 * i : 100 * i)], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    const [first = '', last] = stdout.split('\n');
    expect(first).toMatch(new RegExp(`^(0|[1-6] ${told})$`));
    expect(last).toBe(told);
    counts.push(Number(first.split(' ')[0]));
  }
  expect(counts[0]).toBe(6); // nothing was done yet
}, 120_000);
