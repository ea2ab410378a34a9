/** @file Who may call what; and neither logs nor errors hold keys or texts. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { toyModel } from '../testing/toy-models.js';
import { createServer, type Server } from './create-server.js';
import { hashOfKey } from './http/api-keys.js';
import type { Logger } from './http/logger.js';
import type { ServerOptions } from './options.js';

const [own, filed, revoked] = ['own-key-0123456789', 'filed-key-0123456789', 'revoked-key-0123456789'];
const lines: object[] = [];
const log = (line: object, message: string) => void lines.push({ ...line, message });
const logger: Logger = { info: log, warn: log, error: log };
const keyFile = join(temporaryFolder(), 'keys.txt');
let folder: string;
const servers: Record<string, Server> = {};

const make = (options: Partial<ServerOptions>): Promise<Server> =>
  createServer({ models: { masks: folder }, logger, ...options });

beforeAll(async () => {
  folder = await toyModel('fill-mask');
  writeFileSync(keyFile, `# keys\nfiled ${hashOfKey(filed as string)}\nrevoked ${hashOfKey(revoked as string)}\n`);
  servers.open = await make({});
  servers.keys = await make({ apiKeys: { keys: { own: own as string }, file: keyFile } });
  servers.origins = await make({ origins: ['https://app.example'] });
  servers.hosts = await make({ hosts: ['localhost', '127.0.0.1', '[::1]'] });
  await Promise.all(Object.values(servers).map(({ ready }) => ready));
});

afterAll(() => Promise.all(Object.values(servers).map((server) => server.close())));

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

function send(server: string, path: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Response> {
  const init = body ? { method: 'POST', body: JSON.stringify(body) } : { method };
  const type = body ? { 'content-type': 'application/json' } : {};
  const all = { host: 'localhost:8000', ...type, ...headers };
  return (servers[server] as Server)(new Request(`http://localhost:8000${path}`, { ...init, headers: all }));
}

const bearer = (key: string | undefined) => ({ authorization: `Bearer ${key}` });
const predict: Sent = { body: { inputs: 'the [MASK] is great' } };
const [task, publicPaths] = ['/v1/tasks/fill-mask', ['/health', '/ready', '/docs', '/openapi.json']];
const closedPaths = ['/v1/models', '/v1/models/masks', '/info', '/metrics', '/v1/nothing'];

describe('with API keys', () => {
  test.each(publicPaths)('%s needs none', async (path) => {
    expect((await send('keys', path)).status).toBe(200);
  });

  test.each(closedPaths)('%s needs one', async (path) => {
    for (const headers of [{}, bearer('wrong-key-0123456789'), { authorization: `Basic ${own}` }, bearer('')]) {
      const response = await send('keys', path, { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key', type: 'authentication_error' } });
    }
    for (const key of [own, filed]) {
      expect((await send('keys', path, { headers: bearer(key) })).status).toBe(path === '/v1/nothing' ? 404 : 200);
    }
  });

  test('a key is revoked by the removal of its line, and a new one counts, within a second', async () => {
    const status = async (key: string | undefined) =>
      (await send('keys', task, { ...predict, headers: bearer(key) })).status;
    expect(await status(revoked)).toBe(200);
    const added = 'added-key-0123456789';
    writeFileSync(keyFile, `filed ${hashOfKey(filed as string)}\n`);
    appendFileSync(keyFile, `added ${hashOfKey(added)}\n`);
    await expect.poll(() => status(revoked), { timeout: 5000 }).toBe(401);
    expect(await status(added)).toBe(200);
    expect(await status(filed)).toBe(200);
    writeFileSync(keyFile, 'filed nonsense\n');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await status(filed)).toBe(200); // a file that cannot be read leaves the keys as they were
  });

  test('short keys and malformed files are refused', async () => {
    await expect(make({ apiKeys: { keys: { a: 'short' } } })).rejects.toThrow(
      'the API key a has 5 characters; expected at',
    );
    const file = join(temporaryFolder(), 'keys.txt');
    await expect(make({ apiKeys: { file } })).rejects.toThrow(/keys\.txt: the file of API keys cannot be read/);
    writeFileSync(file, 'name 123\n');
    await expect(make({ apiKeys: { file } })).rejects.toThrow('keys.txt:1: expected NAME and the SHA-256 of the key');
  });
});

describe('pages', () => {
  test.each([
    ['open', undefined, 200, null],
    ['open', 'http://localhost:8000', 200, null],
    ['open', 'https://app.example', 403, null],
    ['open', 'null', 403, null],
    ['origins', 'https://app.example', 200, 'https://app.example'],
    ['origins', 'https://other.example', 403, null],
    ['origins', 'https://app.example.other', 403, null],
    ['origins', undefined, 200, null],
  ])('%s: one of the origin %s gets %d', async (server, origin, status, allowed) => {
    const response = await send(server, task, { ...predict, headers: origin ? { origin } : {} });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
    const asked = { origin: origin ?? 'https://app.example', 'access-control-request-method': 'POST' };
    const before = await send(server, task, { method: 'OPTIONS', headers: asked });
    if (allowed) expect(before.headers.get('access-control-allow-headers')).toBeNull();
    if (allowed) expect(before.status).toBe(204);
  });

  test.each([
    ['hosts', 'localhost:8000', 200],
    ['hosts', '127.0.0.1', 200],
    ['hosts', '[::1]:8000', 200],
    ['hosts', 'attacker.example', 403],
    ['hosts', 'localhost.attacker.example:8000', 403],
    ['open', 'models.example', 200],
  ])('%s: the host name %s gets %d', async (server, host, status) => {
    expect((await send(server, task, { ...predict, headers: { host } })).status).toBe(status);
  });

  test('errors for allowed pages can be read by them', async () => {
    const response = await send('origins', task, { body: { inputs: 3 }, headers: { origin: 'https://app.example' } });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example');
  });
});

test('a rate of requests is kept for each key', async () => {
  const server = await make({
    apiKeys: { keys: { a: 'a-key-0123456789ab', b: 'b-key-0123456789ab' } },
    requestsPerMinute: 2,
  });
  servers.rate = server;
  await server.ready;
  const ask = (key: string) => send('rate', task, { ...predict, headers: bearer(key) });
  expect([(await ask('a-key-0123456789ab')).status, (await ask('a-key-0123456789ab')).status]).toEqual([200, 200]);
  const refused = await ask('a-key-0123456789ab');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(28);
  expect(await refused.json()).toMatchObject({ error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' } });
  expect((await ask('b-key-0123456789ab')).status).toBe(200);
  expect((await send('rate', '/health')).status).toBe(200);
});

test('no log line and no error holds a key or a text', async () => {
  const [secret, text] = ['secret-key-0123456789', 'private words of a user'];
  const answers: string[] = [];
  const bodies: object[] = [
    { inputs: text },
    { inputs: { text } },
    { inputs: `${text} [MASK]`, [text]: text, parameters: { targets: [text] } },
    { model: 'masks', inputs: [text, 3] },
  ];
  for (const body of bodies) {
    const headers = { ...bearer(secret), 'x-other': text, 'x-request-id': `id of ${text}` };
    const response = await send('open', `${task}?q=${encodeURIComponent(text)}`, { body, headers });
    if (response.status !== 200) answers.push(await response.text());
    answers.push(await (await send('keys', task, { body, headers })).text());
  }
  await send('open', `/v1/models/${encodeURIComponent(text)}`);
  const written = JSON.stringify(lines);
  expect(lines.length).toBeGreaterThan(20);
  for (const hidden of [secret, own, filed, text, encodeURIComponent(text), hashOfKey(secret)]) {
    expect(written).not.toContain(hidden);
    expect(answers.join('\n')).not.toContain(hidden);
  }
});

test('an unknown field has no effect and is logged once', async () => {
  const noted = () => lines.filter((line) => JSON.stringify(line).includes('"field":"mystery"'));
  for (let i = 0; i < 3; i++) {
    expect((await send('open', task, { body: { inputs: 'the [MASK]', mystery: 1 } })).status).toBe(200);
  }
  expect(noted()).toEqual([expect.objectContaining({ route: task, field: 'mystery' })]);
});
