/** @file A hub that means harm, or is broken: what it names, sends and withholds never gets farther than an error. */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { commit, TestHub } from '../testing/hub-server.js';
import { resolveDataset, resolveModel } from './node.js';

const config = Buffer.from('{"model_type":"bert"}');
const weights = Buffer.alloc(300_000, 7);
let root: string;
let cacheDir: string;
let hub: TestHub;

async function start(files: Readonly<Record<string, Uint8Array>>, kind?: 'datasets'): Promise<void> {
  hub?.close();
  hub = new TestHub(files, kind);
  vi.stubEnv('HF_ENDPOINT', await hub.start());
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'hostile-'));
  cacheDir = join(root, 'cache');
  await start({ 'config.json': config, 'model.safetensors': weights });
});
afterEach(() => {
  vi.unstubAllEnvs();
  hub.close();
  rmSync(root, { recursive: true, force: true });
});

const blobs = () => readdirSync(join(cacheDir, 'models--me--tiny', 'blobs'));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('names of a listing', () => {
  test.each([
    'default/train/../../../../victim.parquet',
    'default/train/..\\..\\victim.parquet',
    'default/train/a\u0000b.parquet',
    'default/train//victim.parquet',
  ])('that lead out of the cache are refused: %j', async (name) => {
    await start({ 'default/train/0000.parquet': weights, [name]: weights }, 'datasets');
    await expect(resolveDataset('me/tiny', 'train', { cacheDir })).rejects.toThrow(
      /listing: names the file .*expected a relative path/,
    );
    expect(readdirSync(root)).toEqual([]); // not even the cache was begun
  });

  test('with #, ? and % in them are asked for as they are', async () => {
    const name = 'default/train/50% #1?.parquet';
    const asked: string[] = [];
    await start({ [name]: weights }, 'datasets');
    hub.intercept = ({ url = '' }, response) => {
      if (!url.includes('/resolve/')) return false;
      asked.push(decodeURIComponent(url));
      response.writeHead(200, { etag: `"${sha256(weights)}"`, 'content-length': weights.length }).end(weights);
      return true;
    };
    const folder = await resolveDataset('me/tiny', 'train', { cacheDir });
    expect(readFileSync(join(folder, '50% #1?.parquet'))).toEqual(weights);
    expect(asked[0]).toBe(`/datasets/me/tiny/resolve/${commit}/${name}`);
  });

  test('that never end are not read to their end', async () => {
    const pieces = Buffer.alloc(1 << 20, '{"rfilename":"a"},');
    let sent = 0;
    hub.intercept = (_, response) => {
      response.write('{"siblings":[');
      const more = () => {
        while (response.write(pieces)) if (++sent > 200) return;
        sent++;
      };
      response.on('drain', more);
      more();
      return true;
    };
    await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow('lists its files in more than 32 MiB');
    expect(sent).toBeLessThan(200);
  });
});

describe('a body', () => {
  const serve = (answer: (response: Parameters<TestHub['intercept']>[1]) => void) => {
    hub.intercept = ({ method, url }, response) => {
      if (method !== 'GET' || !url?.endsWith('.safetensors')) return false;
      answer(response);
      return true;
    };
  };

  test('that is longer than announced is cut off, and removed', async () => {
    let sent = 0;
    serve((response) => {
      response.writeHead(206, { etag: `"${sha256(weights)}"` });
      const more = () => {
        while (sent < 500 && response.write(weights)) sent++;
        sent++;
      };
      response.on('drain', more);
      more();
    });
    await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(
      'sends more than the 300000 bytes that it announced',
    );
    expect(sent).toBeLessThan(500);
    expect(blobs().filter((name) => name.startsWith(sha256(weights)))).toEqual([]);
  });

  test('that is packed is refused: it may unpack to anything', async () => {
    serve((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(weights)));
    await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow('content-encoding gzip');
  });

  test('that stops in the middle is given up after the stall limit, with words, and continued later', async () => {
    vi.stubEnv('HF_HUB_DOWNLOAD_TIMEOUT', '0.2');
    serve((response) => {
      response.writeHead(206, { 'content-length': weights.length });
      response.write(weights.subarray(0, 100_000));
    });
    const began = performance.now();
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    await expect(resolveModel('me/tiny', { cacheDir, onNote })).rejects.toThrow('the server sent nothing for 0.2 s');
    expect(notes[0]).toBe(
      'me/tiny (revision main): model.safetensors: the server has sent nothing for 0.067 s; the connection is given up ' +
        'after 0.2 s (HF_HUB_DOWNLOAD_TIMEOUT).',
    );
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test('of another version in the middle is not stitched to the first', async () => {
    const [first, second] = [Buffer.alloc(300_000, 1), Buffer.alloc(300_000, 2)];
    await start({ 'config.json': config, 'model.safetensors': first });
    hub.etags.set('model.safetensors', 'version-one'); // no checksum that could tell
    const ranges: (string | undefined)[] = [];
    serve((response) => {
      const { headers } = response.req;
      ranges.push(headers['if-range'] as string | undefined);
      if (ranges.length === 1) {
        response.writeHead(206, { etag: '"version-one"', 'content-length': first.length });
        response.write(first.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
      } else response.writeHead(200, { etag: '"version-two"', 'content-length': second.length }).end(second);
    });
    await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow('it changed on the hub while it was fetched');
    expect(ranges).toEqual([undefined, '"version-one"']);
    expect(existsSync(join(cacheDir, 'models--me--tiny', 'snapshots', commit, 'model.safetensors'))).toBe(false);
  });
});

describe('a busy hub', () => {
  test('is asked again after the time that it asks for, which is said', async () => {
    const notes: string[] = [];
    let times = 0;
    hub.intercept = (_, response) => times++ === 0 && Boolean(response.writeHead(429, { 'retry-after': '1' }).end());
    const began = performance.now();
    await resolveModel('me/tiny', { cacheDir, onNote: (note) => notes.push(note) });
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
    expect(notes).toEqual([
      'me/tiny (revision main): the hub answered HTTP 429 and asks to wait 1 s; it is asked again in 1 s.',
    ]);
  });

  test('that asks for an hour is not waited for', async () => {
    hub.intercept = (_, response) => Boolean(response.writeHead(503, { 'retry-after': '3600' }).end());
    await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow('HTTP 503 and asks to wait 3600 s');
    expect(hub.requests).toHaveLength(1);
  });
});

describe('a damaged cache', () => {
  test.each<[string, (path: string) => void]>([
    ['cut', (path) => truncateSync(path, 1000)],
    ['empty', (path) => truncateSync(path, 0)],
    ['longer', (path) => appendFileSync(path, 'x')],
    ['changed', (path) => writeFileSync(path, Buffer.alloc(300_000, 8))],
    [
      'changed, with its old time',
      (path) => {
        writeFileSync(path, Buffer.alloc(300_000, 9));
        utimesSync(path, 1, 1);
      },
    ],
  ])('heals online: a blob that is %s', async (_, damage) => {
    const folder = await resolveModel('me/tiny', { cacheDir });
    const blob = join(cacheDir, 'models--me--tiny', 'blobs', sha256(weights));
    damage(blob);
    expect(await resolveModel('me/tiny', { cacheDir })).toBe(folder);
    expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
    expect(blobs().filter((name) => name.includes('partial'))).toEqual([]);
  });

  test('a damaged blob that no snapshot points to yet is not taken for the file', async () => {
    const folder = join(cacheDir, 'models--me--tiny', 'blobs');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, sha256(weights)), Buffer.alloc(300_000, 8));
    const found = await resolveModel('me/tiny', { cacheDir });
    expect(readFileSync(join(found, 'model.safetensors'))).toEqual(weights);
  });

  test('files are links where the file system has them', async () => {
    const folder = await resolveModel('me/tiny', { cacheDir });
    expect(lstatSync(join(folder, 'config.json')).isSymbolicLink()).toBe(true);
  });
});
