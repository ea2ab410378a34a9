/** @file A process with a model in it. */
import { type ChildProcess, fork } from 'node:child_process';
import { type Remote, RemoteCalls } from '../../engine/remote.js';
import { withHugePages } from '../../platform/node/huge-pages.js';
import { ownModule } from '../../platform/node/own-module.js';
import { ServeError } from '../errors/serve-error.js';
import type { ModelHost } from './model-host.js';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-settings.js';

/** Thrown to all calls of a process that has ended. */
export class WorkerLost extends ServeError {
  constructor(model: string) {
    super(`the worker of the model ${model} was lost while it computed; another is being started. Try again`, {
      status: 503,
      code: 'worker_lost',
      retryAfter: 1,
    });
  }
}

/** Options of `ModelProcess`. */
export interface ProcessOptions {
  /** Threads that an operator may use. */
  readonly threads: number;
  /** Called with the numbers of calls whose computation begins. */
  onStarted(calls: readonly number[]): void;
}

/** A process that computes with one model. It ends with this process, however this one ends. */
export class ModelProcess {
  /** The model in the process. Its calls reject with {@link WorkerLost} when the process has ended. */
  readonly host: Remote<ModelHost>;
  /** Resolves with a description when the process has ended. */
  readonly ended: Promise<string>;
  private readonly child: ChildProcess;

  constructor(settings: WorkerSettings, { threads, onStarted }: ProcessOptions) {
    this.child = fork(ownModule('server/workers/child.js'), [], {
      execArgv: [], // flags such as --inspect and --input-type are this process's own
      // ONNX Runtime reads its environment once, when it is loaded.
      env: withHugePages({
        ...process.env,
        OMP_NUM_THREADS: String(threads),
        ORT_DISABLE_TELEMETRY: process.env.ORT_DISABLE_TELEMETRY ?? '1',
      }),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    let hasEnded = false;
    const send = (message: ToWorker) => {
      if (hasEnded) throw new WorkerLost(settings.info.name);
      this.child.send(message, () => undefined); // what a process is told while it ends is lost with it
    };
    const calls = new RemoteCalls<ModelHost>({
      post: (call) => send({ call }),
      busy: () => undefined,
      revive: ({ name, message, fields }) =>
        name === 'ServeError' ? new ServeError(message, fields as unknown as { status: number }) : undefined,
    });
    this.host = calls.proxy({});
    this.child.on('message', (message: FromWorker) => {
      if ('reply' in message) calls.settle(message.reply);
      else onStarted(message.started);
    });
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        hasEnded = true;
        calls.fail(new WorkerLost(settings.info.name));
        resolve(how);
      };
      this.child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      this.child.once('error', (error) => end(error.message));
    });
    send({ settings });
  }

  /** The process's number; undefined where it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Ends the process: by itself or, after some seconds, by force. */
  async stop(patience = 5000): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patience);
    await this.ended;
    clearTimeout(timer);
  }
}
