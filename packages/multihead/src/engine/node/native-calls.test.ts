import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { inTurn, newTurn } from './native-calls.js';

test('a turn is waited for while another thread has it, and given back after an error', async () => {
  const turn = newTurn();
  Atomics.store(turn, 0, 1);
  const holder = new Worker(
    `const turn = require('node:worker_threads').workerData;
     setTimeout(() => { Atomics.store(turn, 0, 0); Atomics.notify(turn, 0, 1); }, 100);`,
    { eval: true, workerData: turn },
  );
  await new Promise((resolve) => holder.once('online', resolve));
  const began = performance.now();
  await expect(inTurn(turn, () => Promise.reject(new Error('it failed')))).rejects.toThrow('it failed');
  expect(performance.now() - began).toBeGreaterThan(50);
  expect(await inTurn(turn, () => Promise.resolve(Atomics.load(turn, 0)))).toBe(1);
  expect(Atomics.load(turn, 0)).toBe(0);
  await holder.terminate();
});
