/**
 * @file The program of a worker process: serves one model to the process that started it, and ends when that one is gone.
 *
 * Signals of a terminal or a supervisor reach all processes of a group: this one leaves them to the process that serves.
 */
import { type Call, serveCalls } from '../../engine/remote.js';
import { UserError } from '../../platform/errors.js';
import { DirectModel } from '../models/direct-model.js';
import { ModelHost } from './model-host.js';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-settings.js';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

/** Without a receiver there is nothing to say: the disconnection ends this process. */
const send = (message: FromWorker): void => void process.send?.(message, undefined, {}, () => undefined);

let answer: ((call: Call) => Promise<void>) | undefined;
/** Calls that came while modules were imported. */
const early: Call[] = [];

process.on('message', (message: ToWorker) => {
  if ('settings' in message) void start(message.settings);
  else if (answer) void answer(message.call);
  else early.push(message.call);
});

async function start(settings: WorkerSettings): Promise<void> {
  const host = await hostOf(settings).catch((error) => ({ ready: () => Promise.reject(error) }));
  answer = serveCalls(host, (reply) => send({ reply }), { isConcurrent: true });
  for (const call of early.splice(0)) void answer(call);
}

async function hostOf({ folder, info, imports = [], ...options }: WorkerSettings): Promise<ModelHost> {
  for (const module of imports) {
    await import(module).catch((cause: Error) => {
      throw new UserError(`imports: ${module} cannot be imported: ${cause.message}`, { cause });
    });
  }
  return new ModelHost(new DirectModel(folder, info, options), (call) => send({ started: [call] }));
}
