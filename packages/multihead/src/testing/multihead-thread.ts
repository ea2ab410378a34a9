/** @file The thread that runs commands for `multihead.ts`. */
import { format } from 'node:util';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { cleanUp } from '../cli/exit.js';
import { makeProgram } from '../cli/program.js';
import { reportError } from '../cli/report-error.js';
import type { CommandResult } from './multihead.js';

/** What a command throws in the place of ending the process. */
class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

const said = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = (text: string | Uint8Array, ...rest: unknown[]) => {
    said[name] += typeof text === 'string' ? text : new TextDecoder().decode(text);
    const written = rest.findLast((each) => typeof each === 'function') as (() => void) | undefined;
    written?.();
    return true;
  };
}
console.log = (...values) => process.stdout.write(`${format(...values)}\n`);
for (const name of ['error', 'warn'] as const) {
  console[name] = (...values) => process.stderr.write(`${format(...values)}\n`);
}
process.exit = (status) => {
  throw new Exit(Number(status ?? 0));
};

parentPort?.on('message', async ({ args, done, port }: { args: string[]; done: Int32Array; port: MessagePort }) => {
  const result = await run(args);
  const isClean = !process.getActiveResourcesInfo().includes('Worker');
  port.postMessage({ ...result, isClean });
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});

async function run(args: readonly string[]): Promise<CommandResult> {
  Object.assign(said, { stdout: '', stderr: '' });
  process.argv = [process.execPath, 'multihead', ...args];
  const status = await statusOf();
  cleanUp();
  return { status, ...said };
}

async function statusOf(): Promise<number> {
  try {
    await (await makeProgram()).parseAsync();
    return 0;
  } catch (error) {
    return error instanceof Exit ? error.status : reportError(error, process.argv.includes('--verbose'));
  }
}
