/** @file Implements `multihead serve`: loads models and answers requests until SIGINT or SIGTERM. */
import type { DtypeName } from '../../../models/dtypes.js';
import { UserError } from '../../../platform/errors.js';
import { createServer } from '../../../server/create-server.js';
import { isLoopback, listen, loopbackNames } from '../../../server/http/listen.js';
import { standardLogger } from '../../../server/http/logger.js';
import { keysOfEnvironment, makeKey } from './keys.js';
import { namedModels } from './named-models.js';

/** The command's options. */
export interface ServeArguments {
  readonly port?: number;
  readonly host?: string;
  readonly apiKeys?: string;
  readonly newApiKey?: string;
  readonly origin?: readonly string[];
  readonly requestsPerMinute?: number;
  readonly maxBody?: number;
  readonly maxInputs?: number;
  readonly maxNewTokens?: number;
  readonly timeout?: number;
  readonly replicas?: number;
  readonly threads?: number;
  readonly dtype?: DtypeName;
  readonly maxMemory?: number;
  readonly inProcess?: boolean;
  readonly reload: boolean;
}

/** Runs the command. */
export async function serve(models: readonly string[], options: ServeArguments): Promise<void> {
  const { port, host = '127.0.0.1', apiKeys: file, newApiKey } = options;
  if (newApiKey !== undefined) return makeKey(newApiKey, file);
  if (models.length === 0) throw new UserError('no model to serve: multihead serve FOLDER');
  const keys = keysOfEnvironment();
  const hasKeys = keys !== undefined || file !== undefined;
  if (!isLoopback(host) && !hasKeys) {
    throw new UserError(
      `--host ${host} lets other machines in, and there are no API keys: anybody could use the models. Make a key with ` +
        '--new-api-key NAME --api-keys FILE, and serve with --api-keys FILE.',
    );
  }
  const logger = standardLogger();
  const server = await createServer({
    models: namedModels(models),
    apiKeys: hasKeys ? { keys, file } : undefined,
    origins: options.origin,
    // Without keys, a page whose name points at this machine must not pass for a program on it.
    hosts: hasKeys ? undefined : [...loopbackNames, host],
    limits: limitsOf(options),
    requestsPerMinute: options.requestsPerMinute,
    workers: !options.inProcess,
    replicas: options.replicas,
    threads: options.threads,
    dtype: options.dtype,
    maxMemory: options.maxMemory === undefined ? undefined : options.maxMemory * 1e6,
    watch: options.reload,
    logger,
  });
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
  const { url, close } = await listen(server, { port, host });
  logger.info({ url, docs: `${url}/docs` }, 'listening');
  server.ready.then(
    () => logger.info({}, 'all models are ready'),
    (error: unknown) => logger.error({ message: String(error) }, 'a model cannot be loaded'),
  );
  const signal = await stopped;
  logger.info({ signal }, 'stopping: requests that were accepted are finished');
  server.stopping();
  await close();
  await server.close();
  logger.info({}, 'stopped');
}

function limitsOf({ maxBody, maxInputs, maxNewTokens, timeout }: ServeArguments): Record<string, number> {
  const given = { bodyBytes: maxBody, inputs: maxInputs, newTokens: maxNewTokens, seconds: timeout };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
