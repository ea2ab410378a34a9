import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UserError } from '../errors.js';
import * as node from './node.js';
import * as web from './web.js';

const text = '\ufeffone\r\ntwo\u2028still two\n\nné 😀';
const bytes = new TextEncoder().encode(text);

/** Serves /file (with ranges), /whole (without), /latin1, and an HTML page for everything else but /none and /secret. */
const server = createServer((request, response) => {
  const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
  if (request.url === '/file' && range) {
    const part = bytes.slice(Number(range[1]), Number(range[2]) + 1);
    response.writeHead(206).end(part);
  } else if (request.url === '/file' || request.url === '/whole') {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  } else if (request.url === '/latin1') response.end(Buffer.from([0x63, 0xe9]));
  else if (request.url === '/none') response.writeHead(404).end();
  else if (request.url === '/secret') response.writeHead(403).end();
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>');
});
let base = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('has what its twin for Node has', () => {
  const twin: typeof node = web;
  expect(Object.keys(twin).sort()).toEqual(Object.keys(node).sort());
});

test('reads whole files', async () => {
  expect(await web.readBytes(`${base}/file`)).toEqual(bytes);
  expect(await web.readText(`${base}/file`)).toBe(text.slice(1));
  expect(await web.fileSize(`${base}/file`)).toBe(bytes.length);
  await expect(web.readText(`${base}/latin1`)).rejects.toThrow('not valid UTF-8');
});

test.each(['file', 'whole'])('reads ranges, whether the server knows them or not: /%s', async (name) => {
  expect(await web.readRange(`${base}/${name}`, 3, 6)).toEqual(new TextEncoder().encode('one'));
  expect(await web.readRange(`${base}/${name}`, 3, 3)).toEqual(new Uint8Array(0));
  await expect(web.readRange(`${base}/${name}`, 3, 1000)).rejects.toThrow(`ends at byte ${bytes.length}; 1000 were`);
});

test('reads a file piece by piece', async () => {
  const pieces: Uint8Array[] = [];
  for await (const piece of web.readChunks(`${base}/file`)) pieces.push(piece);
  expect(Buffer.concat(pieces)).toEqual(Buffer.from(bytes));
});

test('unpacks gzip', async () => {
  const packed = gzipSync('text '.repeat(1e5));
  const unpack = async (content: Uint8Array) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of web.unpackGzip(chunksOf(content))) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };
  expect(await unpack(packed)).toBe('text '.repeat(1e5));
  await expect(unpack(packed.subarray(0, -12))).rejects.toThrow();
  await expect(unpack(Buffer.from('text'))).rejects.toThrow();
});

async function* chunksOf(content: Uint8Array): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let start = 0; start < content.length; start += 100) yield Uint8Array.from(content.subarray(start, start + 100));
}

test('names a file by its address, and says how old it is where the server does', async () => {
  expect(await web.findFiles(`${base}/file`)).toEqual([`${base}/file`]);
  await expect(web.findFiles(`${base}/none`)).rejects.toThrow('no such file on the server');
  expect(await web.fileStamp(`${base}/file`)).toEqual({ size: bytes.length, modified: 0 });
});

test('says why there is no file', async () => {
  await expect(web.readBytes(`${base}/none`)).rejects.toThrow(
    new UserError(`${base}/none: no such file on the server`),
  );
  await expect(web.readBytes(`${base}/secret`)).rejects.toThrow('permission denied (HTTP 403)');
  await expect(web.readBytes(`${base}/config.json`)).rejects.toThrow('the server answered with an HTML page');
  await expect(web.readBytes('http://127.0.0.1:1/x')).rejects.toThrow('http://127.0.0.1:1/x: cannot be fetched');
  expect(await web.exists(`${base}/file`)).toBe(true);
  expect(await web.exists(`${base}/none`)).toBe(false);
  expect(await web.exists(`${base}/config.json`)).toBe(false);
  expect(await web.exists(`${base}/page.html?x=1`)).toBe(true);
});

test('writes nothing', async () => {
  const refusals = [
    () => web.createFile('x'),
    async () => web.partialPath('x'),
    async () => web.nameOfPartial('x'),
    () => web.checkReplaceable('x'),
    () => web.isAbandoned('x'),
    async () => web.lockFolder('x'),
    () => web.writeAtomically('x', ''),
    () => web.writeTogether('x', {}, 'y'),
    () => web.makeDirectory('x'),
    () => web.listDirectory('x'),
    () => web.remove('x'),
    () => web.move('x', 'y'),
  ];
  for (const refused of refusals) {
    await expect(refused()).rejects.toThrow(UserError);
    await expect(refused()).rejects.toThrow('a browser has no folders');
  }
});

test('joins paths and addresses', () => {
  expect(web.joinPath('models', 'bert', 'config.json')).toBe('models/bert/config.json');
  expect(web.joinPath('https://example.org/models/', '/bert')).toBe('https://example.org/models/bert');
  expect(web.joinPath('', 'config.json')).toBe('config.json');
});
