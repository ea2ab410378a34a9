/** @file When failing trials end a search. */
import { expect, test } from 'vitest';
import { FirstFailures } from './first-failures.js';

const failing = (failures: FirstFailures, count: number): void => {
  for (let i = 0; i < count; i++) failures.note({ state: 'failed' }, new Error(`no memory ${i}`));
};

test('three failures in the beginning', () => {
  const failures = new FirstFailures([]);
  failing(failures, 2);
  failures.note({ state: 'waiting' }, undefined);
  expect(failures.failure).toBeUndefined();
  failing(failures, 1);
  expect(failures.failure?.message).toBe('the first 3 trials failed; the last error was: no memory 0');
});

test.each(['complete', 'pruned'] as const)('none after a trial that is %s, in this process or before', (state) => {
  const now = new FirstFailures([{ state: 'failed' }]);
  now.note({ state }, undefined);
  const before = new FirstFailures([{ state: 'failed' }, { state }]);
  for (const failures of [now, before]) {
    failing(failures, 9);
    expect(failures.failure).toBeUndefined();
  }
});
