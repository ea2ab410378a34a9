/** @file What `multihead serve` does: loads models, and answers requests until it is told to stop. */
import { UserError } from '../../../platform/errors.js';
import { createServer } from '../../../server/create-server.js';
import { listen } from '../../../server/http/listen.js';
import type { WorkerEvent } from '../../../server/workers/worker-model.js';
import { print, printNote } from '../../output/print.js';

/** The command's options. */
export interface ServeArguments {
  readonly port?: number;
  readonly host?: string;
  readonly threads?: number;
  readonly inProcess?: boolean;
}

/** Runs the command. */
export async function serve(
  models: readonly string[],
  { port, host, threads, inProcess = false }: ServeArguments,
): Promise<void> {
  const server = await createServer({
    models: namedModels(models),
    workers: !inProcess,
    threads,
    onWorkerEvent: (event) => showWorkerEvent(event),
  });
  const { url, close } = await listen(server, { port, host });
  print(`listening at ${url}`);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  await Promise.race([server.ready, stopped]);
  print('all models are ready');
  await stopped;
  await close();
  await server.close();
}

/** Says when a worker was lost, which readiness tells too. */
function showWorkerEvent(event: WorkerEvent): void {
  if (event.kind === 'lost') {
    printNote(`the worker of ${event.model} has ended (${event.how}); another is started in ${event.restartIn} ms`);
  }
}

/** The models by their names. */
function namedModels(models: readonly string[]): Record<string, string> {
  const named: Record<string, string> = {};
  for (const model of models) {
    const [, given, place = ''] = /^(?:([^=]*)=)?(.*)$/.exec(model) ?? [];
    const name =
      given ??
      place
        .replace(/[/\\]+$/, '')
        .split(/[/\\]/)
        .at(-1) ??
      '';
    if (name === '' || place === '') throw new UserError(`"${model}" names no model; expected FOLDER or NAME=FOLDER`);
    if (Object.hasOwn(named, name)) {
      throw new UserError(`two models have the name "${name}"; name one of them otherwise: NAME=${place}`);
    }
    named[name] = place;
  }
  return named;
}
