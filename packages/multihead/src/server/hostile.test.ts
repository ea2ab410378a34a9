/** @file What no proper client sends: the right status each, and the server answers on. */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { miniGpt, toyModel } from '../testing/toy-models.js';
import { createServer, type Server } from './create-server.js';
import { type Listening, listen } from './http/listen.js';

let server: Server;
let listening: Listening;

beforeAll(async () => {
  server = await createServer({ models: { masks: await toyModel('fill-mask'), gpt: miniGpt } });
  listening = await listen(server, { port: 0, timeouts: { headers: 1, request: 2, idle: 2 } });
  await server.ready;
});

afterAll(async () => {
  await listening.close();
  await server.close();
});

async function answers(): Promise<void> {
  const response = await fetch(`${listening.url}/v1/embeddings`, json({ model: 'masks', input: 'the film' }));
  expect(response.status).toBe(200);
}

const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends bytes, and reads until the server closes the connection or `until` is there. */
function raw(send: (socket: Socket) => void, until?: RegExp): Promise<Answer> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(listening.port, '127.0.0.1', () => send(socket));
    const end = () => {
      socket.destroy();
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), body: text.split('\r\n\r\n').slice(1).join() });
    };
    socket.setEncoding('utf8');
    socket.on('data', (data) => {
      text += data;
      if (until?.test(text)) end();
    });
    socket.on('error', () => {});
    socket.on('close', end);
  });
}

const post = (path: string, headers = ''): string =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${headers}`;

describe('bodies', () => {
  const nested = `{"model":"masks","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  test.each([
    ['cut JSON', '/v1/embeddings', '{"model":"masks"', 400, 'invalid_json'],
    ['NaN', '/v1/completions', '{"model":"gpt","prompt":"a","temperature":NaN}', 400, 'invalid_json'],
    [
      'a number that is too large',
      '/v1/completions',
      '{"model":"gpt","prompt":"a","temperature":1e999}',
      400,
      'invalid_value',
    ],
    ['an empty body', '/v1/embeddings', '', 400, 'invalid_json'],
    ['null', '/v1/embeddings', 'null', 400, 'invalid_value'],
    ['a list', '/v1/embeddings', '[]', 400, 'invalid_value'],
    ['a text', '/v1/tasks/fill-mask', '"a"', 400, 'invalid_value'],
    ['deep lists', '/v1/embeddings', nested, 400, 'invalid_value'],
    ['a prototype', '/v1/embeddings', '{"__proto__":{"model":"masks"},"input":"a"}', 400, 'invalid_value'],
    [
      'an unknown model',
      '/v1/chat/completions',
      '{"model":"x","messages":[{"role":"user","content":"a"}]}',
      404,
      'model_not_found',
    ],
    ['a negative token', '/v1/completions', '{"model":"gpt","prompt":[-1]}', 400, 'invalid_value'],
    ['a token that is none', '/v1/completions', '{"model":"gpt","prompt":[4095999]}', 422, null],
    ['tokens that are none', '/detokenize', '{"model":"gpt","token_ids":[4095999]}', 422, null],
    ['a huge number', '/detokenize', '{"model":"gpt","token_ids":[9007199254740991]}', 400, 'invalid_value'],
    ['an empty prompt', '/v1/completions', '{"model":"gpt","prompt":"","max_tokens":1}', 200, undefined],
    ['an empty text', '/v1/embeddings', '{"model":"masks","input":""}', 200, undefined],
    ['a lone surrogate', '/v1/embeddings', '{"model":"masks","input":"a \\ud800 b"}', 200, undefined],
    [
      'a lone surrogate as a prompt',
      '/v1/completions',
      '{"model":"gpt","prompt":"\\udfff","max_tokens":2}',
      200,
      undefined,
    ],
    ['NUL', '/v1/embeddings', '{"model":"masks","input":"a\\u0000b"}', 200, undefined],
    ['an empty stop string', '/v1/completions', '{"model":"gpt","prompt":"a","stop":""}', 400, 'invalid_value'],
  ])('%s', async (_, path, body, status, code) => {
    const response = await fetch(`${listening.url}${path}`, json(body));
    const text = await response.text();
    expect(response.status, text).toBe(status);
    if (code !== undefined) expect(JSON.parse(text)).toMatchObject({ error: { code } });
    await answers();
  });

  test('chunks of no stated length', async () => {
    const body = Readable.toWeb(Readable.from([Buffer.from('{"model":"masks",'), Buffer.from('"input":"a"}')]));
    const init = { ...json(''), body, duplex: 'half' } as unknown as RequestInit;
    expect((await fetch(`${listening.url}/v1/embeddings`, init)).status).toBe(200);
  });

  test('no JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=a']) {
      const init = { method: 'POST', headers: { 'content-type': type }, body: '{"model":"masks","input":"a"}' };
      const response = await fetch(`${listening.url}/v1/embeddings`, init);
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ error: { code: 'unsupported_media_type' } });
    }
  });

  test('a text of 1,000,000 characters is cut, refused on request, and its place in a list does not matter', async () => {
    const long = 'the film is good '.repeat(60_000).slice(0, 1_000_000);
    const response = await fetch(`${listening.url}/v1/embeddings`, json({ model: 'masks', input: ['a', long] }));
    expect(response.status).toBe(200);
    const refused = await fetch(
      `${listening.url}/v1/embeddings`,
      json({ model: 'masks', input: long, truncate: false }),
    );
    expect(refused.status).toBe(422);
    const prompt = await fetch(`${listening.url}/v1/completions`, json({ model: 'gpt', prompt: long }));
    expect(prompt.status).toBe(400);
    expect(await prompt.json()).toMatchObject({ error: { code: 'context_length_exceeded', param: 'prompt' } });
    const longer = await fetch(`${listening.url}/v1/embeddings`, json({ model: 'masks', input: long.repeat(3) }));
    expect(longer.status).toBe(413);
    await answers();
  });

  test('100 MB: refused before they have been sent, by their length or by what came', async () => {
    const announced = await raw(
      (socket) => socket.write(`${post('/v1/embeddings', 'content-length: 104857600\r\n')}\r\n`),
      /}$/,
    );
    expect(announced).toMatchObject({ status: 413 });
    expect(JSON.parse(announced.body)).toMatchObject({ error: { code: 'body_too_large' } });
    const sent = await new Promise<{ status: number | undefined; sent: number }>((resolve) => {
      let bytes = 0;
      const options = {
        port: listening.port,
        method: 'POST',
        path: '/v1/embeddings',
        headers: { 'content-type': 'application/json' },
      };
      const sending: ClientRequest = httpRequest(options, (response: IncomingMessage) => {
        response.resume().on('end', () => sending.destroy());
        resolve({ status: response.statusCode, sent: bytes });
      });
      sending.on('error', () => {});
      const chunk = Buffer.alloc(1 << 20, 32);
      const more = (): void => {
        while (bytes < 100 << 20 && !sending.destroyed) {
          bytes += chunk.length;
          if (!sending.write(chunk)) return void sending.once('drain', more);
        }
        if (!sending.destroyed) sending.end();
      };
      more();
    });
    expect(sent.status).toBe(413);
    await answers();
  });
});

describe('paths and headers', () => {
  test.each([
    ['/v1/models/..%2F..%2Fetc%2Fpasswd', 404, 'model_not_found'],
    ['/v1/models/%00', 404, 'model_not_found'],
    ['/v1/models/%E0%A4%A', 404, 'model_not_found'],
    ['/docs/..%2F..%2Fpackage.json', 404, 'not_found'],
    ['/docs/../../package.json', 404, 'not_found'],
    ['/docs/__proto__', 404, 'not_found'],
    [`/${'a'.repeat(4000)}`, 404, 'not_found'],
    ['//', 404, 'not_found'],
  ])('%s', async (path, status, code) => {
    const { status: found, body } = await raw((socket) =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
    );
    expect(found).toBe(status);
    expect(JSON.parse(body)).toMatchObject({ error: { code } });
  });

  test('a flood of headers', async () => {
    const flood = `GET /health HTTP/1.1\r\nhost: localhost\r\n${'x-flood: 0123456789\r\n'.repeat(2000)}\r\n`;
    const { status, body } = await raw((socket) => socket.write(flood));
    expect(status).toBe(431);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'headers_too_large', type: 'invalid_request_error' } });
    await answers();
  });

  test.each([
    ['no HTTP', 'nonsense\r\n\r\n'],
    ['a method that there is not', 'BREW / HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['two lengths', `${post('/v1/embeddings', 'content-length: 3\r\ncontent-length: 4\r\n')}\r\n{}`],
    [
      'a length and chunks',
      `${post('/v1/embeddings', 'content-length: 3\r\ntransfer-encoding: chunked\r\n')}\r\n0\r\n\r\n`,
    ],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
  ])('%s', async (_, text) => {
    const { status } = await raw((socket) => socket.write(text));
    expect(status).toBe(400);
    await answers();
  });

  test('methods that a route does not have', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'QUERY']) {
      const response = await fetch(`${listening.url}/v1/embeddings`, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
      expect(await response.json()).toMatchObject({ error: { code: 'method_not_allowed' } });
    }
  });
});

describe('connections', () => {
  test('one that sends nothing, and slow ones, are closed', async () => {
    const begun = performance.now();
    const [silent, slowHeaders, slowBody] = await Promise.all([
      raw(() => {}),
      raw((socket) => {
        socket.write('GET /health HTTP/1.1\r\n');
        const timer = setInterval(() => socket.write('x-a: b\r\n', () => {}), 300);
        socket.on('close', () => clearInterval(timer));
      }),
      raw((socket) => {
        socket.write(`${post('/v1/embeddings', 'content-length: 1000\r\n')}\r\n`);
        const timer = setInterval(() => socket.write('{', () => {}), 300);
        socket.on('close', () => clearInterval(timer));
      }),
    ]);
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect([slowHeaders.status, slowBody.status]).toEqual([408, 408]);
    expect(silent.body).toBe('');
    await answers();
  });

  test('a reader that stalls holds up neither others nor memory, and is dropped', async () => {
    const body = JSON.stringify({ model: 'masks', input: Array(2048).fill('the film is good') });
    const before = process.memoryUsage().rss;
    const stalled = Array.from({ length: 8 }, () => {
      const socket = connect(listening.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`${post('/v1/embeddings', `content-length: ${Buffer.byteLength(body)}\r\n`)}\r\n${body}`);
      socket.pause();
      return socket;
    });
    await answers();
    for (const socket of stalled) socket.destroy();
    await expect
      .poll(
        async () =>
          /multihead_requests_running (\d+)/.exec(await (await fetch(`${listening.url}/metrics`)).text())?.[1],
        {
          timeout: 20_000,
        },
      )
      .toBe('1');
    expect(process.memoryUsage().rss - before).toBeLessThan(400 << 20);
  });

  test('many that are half open do not keep others out', async () => {
    const open = Array.from({ length: 200 }, () => {
      const socket = connect(listening.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`${post('/v1/embeddings', 'content-length: 10\r\n')}\r\n{`);
      return socket;
    });
    await answers();
    for (const socket of open) socket.resetAndDestroy();
    await answers();
  });
});
