import { availableParallelism } from 'node:os';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultThreads } from './default-threads.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each([
  ['3', 3],
  [' 12 ', 12],
  ['4,2', 4],
])('OMP_NUM_THREADS="%s": %d threads', (value, threads) => {
  vi.stubEnv('OMP_NUM_THREADS', value);
  expect(defaultThreads()).toBe(threads);
});

test.each([undefined, '', '0', '-1', '1.5', 'all', '1e3', '99999'])(
  'OMP_NUM_THREADS=%s: as many as processors',
  (value) => {
    vi.stubEnv('OMP_NUM_THREADS', value);
    expect(defaultThreads()).toBe(availableParallelism());
  },
);
