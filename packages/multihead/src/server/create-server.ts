/** @file A server as a function from requests to responses. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { UserError } from '../platform/errors.js';
import { checkOptionNames } from '../platform/option-names.js';
import { checkWhole } from '../tasks/validate-features.js';
import { checkBatchOptions } from './batching/model-batches.js';
import { errorResponse, shownError } from './errors/error-response.js';
import { schemaError } from './errors/schema-error.js';
import { ApiKeys } from './http/api-keys.js';
import type { App, ServerEnv } from './http/app.js';
import { authentication, crossOrigin, hostNames } from './http/authentication.js';
import { bodySize } from './http/body-size.js';
import { deadline } from './http/deadline.js';
import { usualLimits } from './http/limits.js';
import { silentLogger } from './http/logger.js';
import { Metrics } from './http/metrics.js';
import { noRoute } from './http/no-route.js';
import { OpenRequests } from './http/open-requests.js';
import { rateLimit } from './http/rate-limit.js';
import { telemetry } from './http/telemetry.js';
import { UnknownFields } from './http/unknown-fields.js';
import { workerLog } from './http/worker-log.js';
import { FolderWatch } from './models/folder-watch.js';
import { Models } from './models/models.js';
import { type ServerOptions, serverOptionNames } from './options.js';
import { routes } from './routes/registry.js';
import { openModels } from './workers/open-models.js';

/** A server: a function from requests to responses, as Hono, Next.js and other frameworks take it. */
export interface Server {
  (request: Request, env?: object): Promise<Response>;
  /** Resolves when all models answer. */
  readonly ready: Promise<void>;
  /**
   * Loads the folder of a model anew, and serves the new one when it answers; no request is refused meanwhile.
   *
   * @throws UserError for an unknown name, and for a folder that cannot be loaded: the model is then served as before
   */
  reload(name: string): Promise<void>;
  /** Lets `/ready` answer 503, so that load balancers send requests elsewhere. Requests are answered as before. */
  stopping(): void;
  /** Finishes the requests that were accepted, and frees the models. */
  close(): Promise<void>;
}

/**
 * Creates a server of models. It begins to load them and answers at once: `/health` with 503 until they are there.
 *
 * The function takes a `Request` and gives a `Response`: `app.mount('/ai', server)` in Hono, `export const POST = server` in
 * Next.js; {@link listen} puts it on a port of its own.
 *
 * @throws UserError for a folder that is no model, or one that no pipeline answers with
 * @example
 * const server = await createServer({ models: { intents: 'runs/intents' } });
 * await server.ready;
 * const response = await server(new Request('http://localhost/v1/models'));
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  checkOptionNames(options, serverOptionNames, 'createServer');
  const { apiKeys, origins = [], hosts, requestsPerMinute, logger = silentLogger } = options;
  checkOptionNames(options.limits ?? {}, Object.keys(usualLimits), 'createServer: limits');
  const limits = { ...usualLimits, ...options.limits };
  checkWhole({ ...limits, requestsPerMinute, threads: options.threads, maxMemory: options.maxMemory });
  const keys = apiKeys && new ApiKeys(apiKeys, logger);
  checkBatchOptions(options.batching ?? {}, 'createServer: batching');
  const list = await openModels(options.models, {
    ...options,
    onWorkerEvent: workerLog(logger, options.onWorkerEvent),
  });
  const models = new Models(list);
  const open = new OpenRequests();
  const metrics = new Metrics(models, () => open.size);
  const unknownFields = new UnknownFields(logger);
  let isStopping = false;

  const app: App = new OpenAPIHono<ServerEnv>({
    async defaultHook(result, c) {
      if (!result.success) throw schemaError(result.error);
      if (result.target === 'json') unknownFields.note(c.req.path, await c.req.json(), result.data);
    },
  });
  app.use(telemetry({ logger, metrics, open }));
  app.use(hostNames(hosts), crossOrigin(origins), authentication(keys), rateLimit(requestsPerMinute));
  app.use(deadline(limits.seconds), bodySize(limits.bodyBytes));
  for (const addRoutes of routes) addRoutes(app, { models, limits, metrics, isStopping: () => isStopping });
  app.onError((error) => errorResponse(shownError(error)));
  app.notFound((c) => errorResponse(noRoute(app, c.req.path)));

  const reload = async (name: string): Promise<void> => {
    const model = list.find(({ info }) => info.name === name);
    if (!model) {
      throw new UserError(`there is no model "${name}"; there are: ${list.map(({ info }) => info.name).join(', ')}`);
    }
    await model.reload();
  };
  const watch = options.watch ? await FolderWatch.begin(options.models, { reload, logger }) : undefined;
  const ready = Promise.all(list.map((model) => model.ready)).then(() => undefined);
  ready.catch(() => undefined); // callers that await it handle the error; /health reports it, too
  return Object.assign(async (request: Request, env: object = {}) => app.fetch(request, env), {
    ready,
    reload,
    stopping() {
      isStopping = true;
    },
    async close() {
      isStopping = true;
      await open.drained();
      await watch?.close();
      await Promise.all(list.map((model) => model.close()));
    },
  });
}
