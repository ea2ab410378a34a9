/** @file A server on a port. */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';

/** Where a server listens. */
export interface ListenOptions {
  /** The port. Default: 8000; 0 takes a free one. */
  readonly port?: number | undefined;
  /** The address. Default: 127.0.0.1, which only programs on this machine reach. */
  readonly host?: string | undefined;
}

const optionNames = namesOf<ListenOptions>({ port: true, host: true });

/** A server that listens. */
export interface Listening {
  /** The URL that it answers at. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, and resolves when those that are open have got their answers. */
  close(): Promise<void>;
}

/**
 * Listens on a port.
 *
 * @throws UserError for a port that is taken
 * @example
 * const server = await createServer({ models: { intents: 'runs/intents' } });
 * const { url, close } = await listen(server, { port: 8000 });
 */
export async function listen(
  fetch: (request: Request) => Promise<Response>,
  options: ListenOptions = {},
): Promise<Listening> {
  checkOptionNames(options, optionNames, 'listen');
  const { port: asked = 8000, host = '127.0.0.1' } = options;
  const server = createAdaptorServer({
    fetch: (request) => fetch(request),
    overrideGlobalObjects: false,
  }) as HttpServer;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, asked, host)));
    server.listen(asked, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${port}`,
    port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError(`port ${port} of ${host} is in use by another program. Choose another port.`, {
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new UserError(`port ${port} may not be used by this user. Choose one from 1024.`, { cause: error });
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new UserError(`this machine has no address ${host}`, { cause: error });
  }
  return error;
}
