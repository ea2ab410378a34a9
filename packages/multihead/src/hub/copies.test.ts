/** @file Where no symbolic links can be made, a snapshot holds copies, which are checked and mended as blobs are. */
import { lstatSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestHub } from '../testing/hub-server.js';
import { resolveModel } from './node.js';

vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  symlink: async () => {
    throw Object.assign(new Error('EPERM: operation not permitted, symlink'), { code: 'EPERM', syscall: 'symlink' });
  },
}));

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

test('a file is there, and is not fetched again', async () => {
  const folder = await resolveModel('me/tiny', { cacheDir });
  const path = join(folder, 'model.safetensors');
  expect(lstatSync(path).isFile()).toBe(true);
  expect(readFileSync(path).equals(weights)).toBe(true);
  const before = hub.requests.length;
  expect(await resolveModel('me/tiny', { cacheDir })).toBe(folder);
  expect(hub.requests.slice(before).filter((line) => line.includes('resolve'))).toEqual([]);
});

test.each([
  ['cut', (path: string) => truncateSync(path, 1000)],
  ['changed', (path: string) => writeFileSync(path, Buffer.alloc(300_000, 8))],
])('a copy that was %s is refused offline, and mended online from its blob', async (_, damage) => {
  const folder = await resolveModel('me/tiny', { cacheDir });
  const path = join(folder, 'model.safetensors');
  damage(path);
  await expect(resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).rejects.toThrow(`${path}: is damaged`);
  const before = hub.requests.length;
  await resolveModel('me/tiny', { cacheDir });
  expect(readFileSync(path).equals(weights)).toBe(true);
  expect(hub.requests.slice(before).filter((line) => /^GET .*resolve/.test(line))).toEqual([]);
  expect(await resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).toBe(folder);
});
