/** @file A hub of the test's own, over real HTTP: what it sends, cuts and refuses, and what becomes of it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UserError } from '../errors.js';
import { resolveModel } from './node.js';

const commit = 'a'.repeat(40);
const config = Buffer.from('{"model_type":"bert"}');
const weights = Buffer.alloc(300_000, 7);
let intercept: (request: IncomingMessage, response: ServerResponse) => boolean;
let requests: string[];
let close: () => void;
let cacheDir: string;

function answer(request: IncomingMessage, response: ServerResponse, sha256: string): void {
  requests.push(`${request.method} ${request.url} ${request.headers.range ?? ''}`.trim());
  if (intercept(request, response)) return;
  if (request.url?.startsWith('/api/')) {
    const siblings = ['config.json', 'model.safetensors', 'pytorch_model.bin'].map((rfilename) => ({ rfilename }));
    response.end(JSON.stringify({ sha: commit, siblings }));
    return;
  }
  const isConfig = request.url?.endsWith('config.json');
  const body = isConfig ? config : weights;
  const oid = createHash('sha1').update(`blob ${config.length}\0`).update(config).digest('hex');
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(request.headers.range ? 206 : 200, {
    etag: `"${isConfig ? oid : sha256}"`,
    'content-length': body.length - start,
  });
  response.end(request.method === 'HEAD' ? undefined : body.subarray(start));
}

let sha256: string;
beforeEach(async () => {
  intercept = () => false;
  requests = [];
  sha256 = createHash('sha256').update(weights).digest('hex');
  cacheDir = mkdtempSync(join(tmpdir(), 'hub-'));
  const server = createServer((request, response) => answer(request, response, sha256));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  close = () => server.close();
});
afterEach(() => {
  vi.unstubAllEnvs();
  close();
});

test('a model is fetched once, into the layout of Hugging Face; then it is there offline', async () => {
  const folder = await resolveModel('me/tiny', { cacheDir });
  expect(folder).toBe(join(cacheDir, 'models--me--tiny', 'snapshots', commit));
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
  expect(readFileSync(join(cacheDir, 'models--me--tiny', 'refs', 'main'), 'utf8')).toBe(commit);
  expect(requests.filter((line) => line.includes('pytorch_model'))).toEqual([]);
  const before = requests.length;
  expect(await resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).toBe(folder);
  expect(requests.length).toBe(before);
});

test('a connection that is cut goes on where it was', async () => {
  let cuts = 0;
  intercept = ({ method, url }, response) => {
    if (method !== 'GET' || !url?.endsWith('.safetensors') || cuts++ > 0) return false;
    response.writeHead(206, { 'content-length': weights.length });
    response.write(weights.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
    return true;
  };
  const folder = await resolveModel('me/tiny', { cacheDir });
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
  expect(requests.at(-1)).toMatch(/bytes=100000-$/);
});

test('a server that is busy is asked again', async () => {
  let times = 0;
  intercept = (_, response) => {
    if (times++ > 0) return false;
    response.writeHead(503).end();
    return true;
  };
  expect(await resolveModel('me/tiny', { cacheDir })).toContain(commit);
});

test('a wrong checksum is refused, and leaves no model behind', async () => {
  sha256 = 'f'.repeat(64);
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(/another checksum/);
  await expect(resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).rejects.toThrow(UserError);
});

test.each([
  [401, /HF_TOKEN/],
  [403, /gated/],
  [404, /no such model/],
])('HTTP %i is said in words', async (status, message) => {
  intercept = (_, response) => Boolean(response.writeHead(status).end());
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(message);
});

test('a folder wins over an id; what can be neither says both', async () => {
  expect(await resolveModel(cacheDir)).toBe(cacheDir);
  await expect(resolveModel('./no/such/folder')).rejects.toThrow(/no such folder, and no id of the hub/);
  expect(requests).toEqual([]);
});

test('a redirect to another origin is followed, and the token stays with the hub', async () => {
  const seen: (string | undefined)[] = [];
  const storage = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end(weights);
  });
  await new Promise<void>((done) => storage.listen(0, '127.0.0.1', done));
  const location = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/blob`;
  const tokens = new Set<string | undefined>();
  intercept = ({ url, headers }, response) => {
    tokens.add(headers.authorization);
    if (!url?.endsWith('.safetensors')) return false;
    response.writeHead(302, { location, 'x-linked-etag': `"${sha256}"`, 'x-linked-size': weights.length }).end();
    return true;
  };
  const folder = await resolveModel('me/tiny', { cacheDir, token: 'hf_secret' });
  storage.close();
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
  expect([...tokens]).toEqual(['Bearer hf_secret']);
  expect(seen).toEqual([undefined]);
});
