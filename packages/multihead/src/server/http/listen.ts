/** @file A server on a port. */
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { UserError } from '../../platform/errors.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { answerUnreadable } from './unreadable-requests.js';

/** How long connections may take, in seconds. */
export interface ConnectionTimeouts {
  /** To send the headers of a request. Default: 20. */
  readonly headers?: number | undefined;
  /** To send a whole request. Default: 60. */
  readonly request?: number | undefined;
  /** Between two requests, and for a reader that takes nothing. Default: 75, more than the 60 of most load balancers. */
  readonly idle?: number | undefined;
}

/** Where a server listens. */
export interface ListenOptions {
  /** The port. Default: 8000; 0 takes a free one. */
  readonly port?: number | undefined;
  /** The address. Default: 127.0.0.1, which only programs on this machine reach. */
  readonly host?: string | undefined;
  readonly timeouts?: ConnectionTimeouts | undefined;
}

const optionNames = namesOf<ListenOptions>({ port: true, host: true, timeouts: true });
const timeoutNames = namesOf<ConnectionTimeouts>({ headers: true, request: true, idle: true });

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
  fetch: (request: Request, env?: object) => Promise<Response>,
  options: ListenOptions = {},
): Promise<Listening> {
  checkOptionNames(options, optionNames, 'listen');
  const { port: asked = 8000, host = '127.0.0.1', timeouts = {} } = options;
  checkOptionNames(timeouts, timeoutNames, 'listen: timeouts');
  const { headers = 20, request = 60, idle = 75 } = timeouts;
  const server = createAdaptorServer({
    fetch: (request, env) => fetch(request, env),
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: headers * 1000,
      requestTimeout: request * 1000,
      keepAliveTimeout: idle * 1000,
      connectionsCheckingInterval: Math.min(headers, request) * 500,
    },
  }) as HttpServer;
  server.on('clientError', answerUnreadable);
  let isClosing = false;
  server.prependListener('request', (_: IncomingMessage, response) => {
    if (isClosing) response.setHeader('connection', 'close');
    // A connection whose answer was on its way when the server was closed is idle from then on.
    response.once('close', () => isClosing && setImmediate(() => server.closeIdleConnections()));
  });
  dropSilent(server, headers);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, asked, host)));
    server.listen(asked, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

/** Closes connections that send nothing. */
function dropSilent(server: HttpServer, seconds: number): void {
  server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), seconds * 1000);
    timer.unref();
    socket.once('data', () => clearTimeout(timer));
    socket.once('close', () => clearTimeout(timer));
  });
}

/** Names of this machine for its own programs. */
export const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Whether only programs on this machine reach an address. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

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
