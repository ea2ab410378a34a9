/** @file `multihead/server`: models behind HTTP, alone on a port or inside a program's own server. For Node. */
import '../engine/evaluate.js';

export { createServer, type Server, type ServerOptions } from '../server/create-server.js';
export { ServeError, type ServeErrorDetails } from '../server/errors/serve-error.js';
export type { RequestLimits } from '../server/http/limits.js';
export { type Listening, type ListenOptions, listen } from '../server/http/listen.js';
