/**
 * @file A process that tries, at given moments, to lock folders, and says which it got: `node lock-racer.js PAUSE FOLDER...`.
 * It prints a line when it is up, and reads from standard input when to try the first (milliseconds since 1970); it tries
 * each other PAUSE milliseconds after the one before.
 */
import { once } from 'node:events';
import { lockOutput } from '../cli/run/run-lock.js';

const [pause, ...folders] = process.argv.slice(2) as [string, ...string[]];
const cell = new Int32Array(new SharedArrayBuffer(4));
console.log('up');
const [start] = (await once(process.stdin, 'data')) as [Buffer];
const got = folders.map((folder, i) => {
  Atomics.wait(cell, 0, 0, Number(start.toString()) + i * Number(pause) - Date.now());
  try {
    lockOutput(folder);
    return 1;
  } catch (error) {
    if (!(error as Error).message.includes('another run')) throw error;
    return 0;
  }
});
console.log(JSON.stringify(got));
// It holds what it got until its input ends.
process.stdin.resume();
