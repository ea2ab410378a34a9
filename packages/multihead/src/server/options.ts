/** @file Options of a server. */
import { namesOf } from '../platform/option-names.js';
import type { ApiKeyOptions } from './http/api-keys.js';
import type { RequestLimits } from './http/limits.js';
import type { Logger } from './http/logger.js';
import type { ModelOptions } from './workers/open-models.js';

/** What to serve, and how. */
export interface ServerOptions extends ModelOptions {
  /** Model folders, or models of the hub by their ids, by the names that requests call them by. */
  readonly models: Readonly<Record<string, string>>;
  /** API keys. Default: none, and anybody who reaches the server may call it. */
  readonly apiKeys?: ApiKeyOptions | undefined;
  /** Origins whose pages may call the server, such as `https://example.org`; `*` for all. Default: its own alone. */
  readonly origins?: readonly string[] | undefined;
  /** Host names that it answers by. Default: any. */
  readonly hosts?: readonly string[] | undefined;
  /** Limits of requests. */
  readonly limits?: Partial<RequestLimits> | undefined;
  /** Requests a minute of each API key or, without keys, of each address. Default: no limit. */
  readonly requestsPerMinute?: number | undefined;
  /** Whether models whose folders have changed are loaded anew, as `server.reload` does. Default: false. */
  readonly watch?: boolean | undefined;
  /** What the server logs with, such as pino. Default: nothing is logged. */
  readonly logger?: Logger | undefined;
}

export const serverOptionNames = namesOf<ServerOptions>({
  models: true,
  apiKeys: true,
  origins: true,
  hosts: true,
  limits: true,
  requestsPerMinute: true,
  watch: true,
  workers: true,
  imports: true,
  replicas: true,
  threads: true,
  dtype: true,
  maxMemory: true,
  batching: true,
  onWorkerEvent: true,
  logger: true,
});
