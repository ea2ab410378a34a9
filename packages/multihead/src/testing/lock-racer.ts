/**
 * @file A process that tries, at given moments, to lock folders, and says which it got: `node lock-racer.js START PAUSE FOLDER...`
 * tries the first at START (milliseconds since 1970), and each other PAUSE milliseconds after the one before.
 */
import { lockOutput } from '../cli/run-lock.js';

const [start, pause, ...folders] = process.argv.slice(2) as [string, string, ...string[]];
const cell = new Int32Array(new SharedArrayBuffer(4));
const got = folders.map((folder, i) => {
  Atomics.wait(cell, 0, 0, Number(start) + i * Number(pause) - Date.now());
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
