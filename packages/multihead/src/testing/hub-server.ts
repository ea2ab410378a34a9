/** @file A hub for tests, over real HTTP on this machine: one model or data set, `me/tiny`, with the given files. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The commit that every revision is. */
export const commit = 'a'.repeat(40);

/** A running hub. */
export class TestHub {
  /** `GET /me/tiny/resolve/... bytes=0-`, in their order. */
  readonly requests: string[] = [];
  /** Answers in the hub's place, where it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** Checksums that differ from the files'. */
  readonly etags = new Map<string, string>();
  private server: Server | undefined;

  constructor(
    private readonly files: Readonly<Record<string, Uint8Array>>,
    private readonly kind: 'models' | 'datasets' = 'models',
  ) {}

  /** Starts it; returns what HF_ENDPOINT is to be. */
  async start(): Promise<string> {
    const server = createServer((request, response) => this.answer(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.server = server;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '', headers } = request;
    this.requests.push(`${method} ${url} ${headers.range ?? ''}`.trim());
    if (this.intercept(request, response)) return;
    if (url.startsWith(`/api/${this.kind}/me/tiny/`)) {
      const siblings = Object.keys(this.files).map((rfilename) => ({ rfilename }));
      response.end(JSON.stringify({ sha: commit, siblings }));
      return;
    }
    const name = url.startsWith('/api/')
      ? ''
      : url.replace(`${this.kind === 'datasets' ? '/datasets' : ''}/me/tiny/resolve/${commit}/`, '');
    const body = this.files[name];
    if (!body) {
      response.writeHead(404, { 'x-error-code': url.includes('/me/tiny/') ? 'EntryNotFound' : 'RepoNotFound' }).end();
      return;
    }
    const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
    response.writeHead(headers.range ? 206 : 200, {
      etag: `"${this.etags.get(name) ?? etagOf(name, body)}"`,
      'content-length': body.length - start,
    });
    response.end(method === 'HEAD' ? undefined : body.subarray(start));
  }
}

/** Git's hash of a small file, SHA-256 of one in large file storage. */
const etagOf = (name: string, body: Uint8Array): string =>
  /\.(safetensors|parquet)$/.test(name)
    ? createHash('sha256').update(body).digest('hex')
    : createHash('sha1').update(`blob ${body.length}\0`).update(body).digest('hex');
