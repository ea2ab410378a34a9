/** @file The process of a trial: how its end is reported, whenever it comes. */
import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { type TrialEvent, trialProcess } from './start-trial.js';

function start(script: string): ChildProcess {
  const path = join(temporaryFolder(), 'script.cjs');
  writeFileSync(path, script);
  return fork(path, [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
}

test('a line that is cut off by a kill is skipped', async () => {
  const child = start(
    `process.stdout.write('{"type":"start"}\\n{"type":"evalu', () => process.kill(process.pid, 'SIGKILL'));`,
  );
  const events: TrialEvent[] = [];
  const end = await trialProcess(child).run(async (event) => void events.push(event));
  expect(events).toEqual([{ type: 'start' }]);
  expect(end).toEqual({ type: 'ended by', signal: 'SIGKILL' });
});

test('a process that fails before its events have been read fails the run', async () => {
  const child = start('setInterval(() => undefined, 1000)');
  const process = trialProcess(child);
  child.emit('error', new Error('spawn EAGAIN'));
  await new Promise((done) => setImmediate(done)); // a rejection that nobody handles would end the search
  await expect(process.run(async () => undefined)).rejects.toThrow('spawn EAGAIN');
  process.kill();
});
