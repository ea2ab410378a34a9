/** @file `multihead/server`: models behind HTTP, alone on a port or inside a program's own server. For Node. */
import '../engine/evaluate.js';

export type { ModelBatchOptions } from '../server/batching/model-batches.js';
export { createServer, type Server } from '../server/create-server.js';
export { ServeError, type ServeErrorDetails } from '../server/errors/serve-error.js';
export type { ApiKeyOptions } from '../server/http/api-keys.js';
export type { RequestLimits } from '../server/http/limits.js';
export { type ConnectionTimeouts, type Listening, type ListenOptions, listen } from '../server/http/listen.js';
export type { Logger } from '../server/http/logger.js';
export type { ServerOptions } from '../server/options.js';
export type { ModelOptions } from '../server/workers/open-models.js';
export type { WorkerEvent } from '../server/workers/worker-model.js';
