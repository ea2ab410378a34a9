import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toyFolder } from '../testing/toy.js';
import { lockOutput } from './run-lock.js';

test('many runs in one process are let go by one listener', () => {
  const folder = toyFolder();
  const before = process.listenerCount('exit');
  for (let seed = 1; seed <= 12; seed++) {
    lockOutput(join(folder, `seed-${seed}`));
    expect(existsSync(join(folder, `seed-${seed}`, 'run.lock'))).toBe(true);
  }
  expect(process.listenerCount('exit')).toBe(before + 1);
});
