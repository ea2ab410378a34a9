/** @file A server as a function from requests to responses. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { UserError } from '../platform/errors.js';
import { checkOptionNames, namesOf } from '../platform/option-names.js';
import { checkBatchOptions } from './batching/model-batches.js';
import { errorResponse, shownError } from './errors/error-response.js';
import { schemaError } from './errors/schema-error.js';
import { ServeError } from './errors/serve-error.js';
import type { App, ServerEnv } from './http/app.js';
import { type RequestLimits, usualLimits } from './http/limits.js';
import { requestIds } from './http/request-id.js';
import { Models } from './models/models.js';
import { routes } from './routes/registry.js';
import { type ModelOptions, openModels } from './workers/open-models.js';

/** What to serve, and how. */
export interface ServerOptions extends ModelOptions {
  /** Model folders, or models of the hub by their ids, by the names that requests call them by. */
  readonly models: Readonly<Record<string, string>>;
  /** Limits of requests. */
  readonly limits?: Partial<RequestLimits> | undefined;
}

const optionNames = namesOf<ServerOptions>({
  models: true,
  limits: true,
  workers: true,
  imports: true,
  threads: true,
  batching: true,
  onWorkerEvent: true,
});

/** A server: a function from requests to responses, as Hono, Next.js and other frameworks take it. */
export interface Server {
  (request: Request): Promise<Response>;
  /** Resolves when all models answer. */
  readonly ready: Promise<void>;
  /**
   * Loads the folder of a model anew, and serves the new one when it answers; no request is refused meanwhile.
   *
   * @throws UserError for an unknown name, and for a folder that cannot be loaded: the model is then served as before
   */
  reload(name: string): Promise<void>;
  /** Finishes the requests that were accepted, and frees the models. */
  close(): Promise<void>;
}

/**
 * Creates a server of models. It begins to load them and answers at once: `/health` with 503 until they are there.
 *
 * @throws UserError for a folder that is no model, or one that no pipeline answers with
 * @example
 * const server = await createServer({ models: { intents: 'runs/intents' } });
 * await server.ready;
 * const response = await server(new Request('http://localhost/v1/models'));
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  checkOptionNames(options, optionNames, 'createServer');
  const { models: asked, limits = {} } = options;
  checkOptionNames(limits, Object.keys(usualLimits), 'createServer: limits');
  checkBatchOptions(options.batching ?? {}, 'createServer: batching');
  const list = await openModels(asked, options);
  const models = new Models(list);
  const app: App = new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => (result.success ? undefined : errorResponse(schemaError(result.error))),
  });
  app.use(requestIds);
  app.use(async (c, next) => {
    c.set('signal', c.req.raw.signal);
    await next();
  });
  for (const addRoutes of routes) addRoutes(app, { models, limits: { ...usualLimits, ...limits } });
  app.onError((error) => errorResponse(shownError(error)));
  app.notFound(() =>
    errorResponse(
      new ServeError('there is no such route; /openapi.json lists all', { status: 404, code: 'not_found' }),
    ),
  );
  const ready = Promise.all(list.map((model) => model.ready)).then(() => undefined);
  return Object.assign(async (request: Request) => app.fetch(request), {
    ready,
    reload: async (name: string) => {
      const model = list.find(({ info }) => info.name === name);
      if (!model) {
        throw new UserError(`there is no model "${name}"; there are: ${list.map(({ info }) => info.name).join(', ')}`);
      }
      await model.reload();
    },
    close: async () => {
      await Promise.all(list.map((model) => model.close()));
    },
  });
}
