/** @file A cache that was damaged, or would lead elsewhere, and a file that the disk has no room for. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { commit, TestHub } from '../testing/hub-server.js';
import { resolveModel } from './node.js';

const weights = Buffer.alloc(300_000, 7);
let hub: TestHub;
let cacheDir: string;

beforeEach(async () => {
  hub = new TestHub({ 'config.json': Buffer.from('{}'), 'model.safetensors': weights });
  cacheDir = mkdtempSync(join(tmpdir(), 'hub-'));
  vi.stubEnv('HF_ENDPOINT', await hub.start());
});
afterEach(() => {
  vi.unstubAllEnvs();
  hub.close();
  rmSync(cacheDir, { recursive: true, force: true });
});

test.each([
  ['cut', (path: string) => truncateSync(path, 1000)],
  ['changed', (path: string) => writeFileSync(path, Buffer.alloc(300_000, 8))],
])(
  'a blob that was %s is refused offline, also where the hub does not answer, and mended online',
  async (_, damage) => {
    const folder = await resolveModel('me/tiny', { cacheDir });
    const path = join(folder, 'model.safetensors');
    damage(path);
    await expect(resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).rejects.toThrow(`${path}: is damaged`);
    hub.intercept = (_request, response) => Boolean(response.destroy());
    await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(`${path}: is damaged`);
    hub.intercept = () => false;
    await resolveModel('me/tiny', { cacheDir });
    expect(readFileSync(path).equals(weights)).toBe(true);
    expect(await resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).toBe(folder);
  },
);

test('a reference in the cache does not lead out of it', async () => {
  await resolveModel('me/tiny', { cacheDir });
  writeFileSync(join(cacheDir, 'models--me--tiny', 'refs', 'main'), `../snapshots/${commit}`);
  await expect(resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).rejects.toThrow('is not in');
});

test('a size that the disk has no room for is refused before anything comes', async () => {
  const head = { etag: `"${'a'.repeat(64)}"`, 'x-linked-size': '9000000000000000' };
  hub.intercept = ({ method, url }, response) =>
    Boolean(method === 'HEAD' && url?.endsWith('.safetensors') && response.writeHead(200, head).end());
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow('9000000000000000 bytes are to come');
  expect(hub.requests.filter((line) => /^GET .*safetensors/.test(line))).toEqual([]);
});
