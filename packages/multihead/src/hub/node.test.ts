/** @file A hub of the test's own, over real HTTP: what it sends, cuts and refuses, and what becomes of it. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BertModel } from '../models/bert/bert.js';
import { UserError } from '../platform/errors.js';
import { machine } from '../platform/files/node/machine.js';
import { commit, TestHub } from '../testing/hub-server.js';
import { resolveModel } from './node.js';

const config = Buffer.from('{"model_type":"bert"}');
const weights = Buffer.alloc(300_000, 7);
const vocabulary = Buffer.from('[UNK]\n');
let hub: TestHub;
let cacheDir: string;

beforeEach(async () => {
  const files = { 'config.json': config, 'model.safetensors': weights, 'pytorch_model.bin': weights };
  hub = new TestHub({ ...files, 'vocab.txt': vocabulary });
  cacheDir = mkdtempSync(join(tmpdir(), 'hub-'));
  vi.stubEnv('HF_ENDPOINT', await hub.start());
});
afterEach(() => {
  vi.unstubAllEnvs();
  hub.close();
});

test('a model is fetched once, into the layout of Hugging Face; then it is there offline', async () => {
  const folder = await resolveModel('me/tiny', { cacheDir });
  expect(folder).toBe(join(cacheDir, 'models--me--tiny', 'snapshots', commit));
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
  expect(readFileSync(join(cacheDir, 'models--me--tiny', 'refs', 'main'), 'utf8')).toBe(commit);
  expect(hub.requests.filter((line) => line.includes('pytorch_model'))).toEqual([]);
  const before = hub.requests.length;
  expect(await resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).toBe(folder);
  expect(hub.requests.length).toBe(before);
});

test('a connection that is cut goes on where it was', async () => {
  let cuts = 0;
  hub.intercept = ({ method, url }, response) => {
    if (method !== 'GET' || !url?.endsWith('.safetensors') || cuts++ > 0) return false;
    response.writeHead(206, { 'content-length': weights.length });
    response.write(weights.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
    return true;
  };
  const folder = await resolveModel('me/tiny', { cacheDir });
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
  expect(hub.requests.filter((line) => line.includes('safetensors')).at(-1)).toMatch(/bytes=100000-$/);
});

test('a server that is busy is asked again', async () => {
  let times = 0;
  hub.intercept = (_, response) => {
    if (times++ > 0) return false;
    response.writeHead(503).end();
    return true;
  };
  expect(await resolveModel('me/tiny', { cacheDir })).toContain(commit);
});

test('a wrong checksum is refused, and leaves no model behind', async () => {
  hub.etags.set('model.safetensors', 'f'.repeat(64));
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(/another checksum/);
  await expect(resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).rejects.toThrow(UserError);
});

test.each([
  [401, /HF_TOKEN/],
  [403, /gated/],
  [404, /no such model/],
])('HTTP %i is said in words', async (status, message) => {
  hub.intercept = (_, response) => Boolean(response.writeHead(status).end());
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(message);
});

test('a folder wins over an id; what can be neither says both', async () => {
  expect(await resolveModel(cacheDir)).toBe(cacheDir);
  await expect(resolveModel('./no/such/folder')).rejects.toThrow(/no such folder, and no id of the hub/);
  expect(hub.requests).toEqual([]);
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
  hub.intercept = ({ url, headers }, response) => {
    tokens.add(headers.authorization);
    if (!url?.endsWith('.safetensors')) return false;
    response
      .writeHead(302, {
        location,
        'x-linked-etag': `"${createHash('sha256').update(weights).digest('hex')}"`,
        'x-linked-size': weights.length,
      })
      .end();
    return true;
  };
  const folder = await resolveModel('me/tiny', { cacheDir, token: 'hf_secret' });
  storage.close();
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
  expect([...tokens]).toEqual(['Bearer hf_secret']);
  expect(seen).toEqual([undefined]);
});

test.each([
  [401, 'RepoNotFound', /no such model, or a private one. Check the name, or set HF_TOKEN/],
  [404, 'RepoNotFound', /no such model, or a private one/],
  [404, 'RevisionNotFound', /me\/tiny \(revision main\): the hub has the model, but no such revision/],
  [401, 'GatedRepo', /access is gated. Accept its terms/],
  [403, 'GatedRepo', /access is gated. Accept its terms/],
  [403, 'DisabledRepo', /has disabled access/],
  [404, 'Unheard', /no such model, revision or file/],
])('HTTP %i with the code %s is said more exactly', async (status, code, message) => {
  hub.intercept = (_, response) => Boolean(response.writeHead(status, { 'x-error-code': code }).end());
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(message);
});

test('a file that the hub lists and does not have is named', async () => {
  hub.intercept = ({ url }, response) =>
    Boolean(url?.endsWith('vocab.txt') && response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end());
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(
    'me/tiny (revision main): vocab.txt: the hub has the model, but no such file in this revision',
  );
});

test('what is no hub is told as such', async () => {
  hub.intercept = (_, response) => Boolean(response.end('<html>'));
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow(
    'names no commit with files. Is HF_ENDPOINT a hub?',
  );
});

test('online, with a hub that does not answer, the cache is used, and a note says so', async () => {
  const folder = await resolveModel('me/tiny', { cacheDir });
  hub.close();
  const notes: string[] = [];
  expect(await resolveModel('me/tiny', { cacheDir, onNote: (note) => notes.push(note) })).toBe(folder);
  expect(notes).toEqual([
    expect.stringMatching(
      /^me\/tiny \(revision main\): the hub cannot be reached .* in the cache is used instead: .*aaa$/,
    ),
  ]);
  const empty = mkdtempSync(join(tmpdir(), 'hub-'));
  await expect(resolveModel('me/tiny', { cacheDir: empty })).rejects.toThrow('the hub cannot be reached');
});

test('a hub that accepts and stays silent is given up after HF_HUB_ETAG_TIMEOUT', async () => {
  vi.stubEnv('HF_HUB_ETAG_TIMEOUT', '0.1');
  hub.intercept = () => true;
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow('the hub cannot be reached');
  expect(hub.requests).toHaveLength(3);
});

test('a refusal is not answered from the cache: access may have been taken away', async () => {
  await resolveModel('me/tiny', { cacheDir });
  hub.intercept = (_, response) => Boolean(response.writeHead(403, { 'x-error-code': 'GatedRepo' }).end());
  await expect(resolveModel('me/tiny', { cacheDir })).rejects.toThrow('access is gated');
});

test('half a snapshot is completed online; offline it is told as such', async () => {
  const tokenizer = await resolveModel('me/tiny', { cacheDir, parts: 'tokenizer' });
  expect(readdirSync(tokenizer).sort()).toEqual(['config.json', 'vocab.txt']);
  expect(await resolveModel('me/tiny', { cacheDir, parts: 'tokenizer', localFilesOnly: true })).toBe(tokenizer);
  await expect(BertModel.fromPretrained('me/tiny', { cacheDir, localFilesOnly: true })).rejects.toThrow(
    'the cache has only a part of this model, without model.safetensors. Run once online',
  );
  const before = hub.requests.length;
  await resolveModel('me/tiny', { cacheDir });
  expect(hub.requests.slice(before).filter((line) => line.startsWith('GET /me'))).toEqual([
    expect.stringContaining('model.safetensors'),
  ]);
  rmSync(join(tokenizer, 'config.json'));
  await expect(resolveModel('me/tiny', { cacheDir, localFilesOnly: true })).rejects.toThrow('is not in');
});

test('a cache that cannot be written is named; one that has all is only read', async () => {
  const file = join(cacheDir, 'file');
  writeFileSync(file, '');
  await expect(resolveModel('me/tiny', { cacheDir: file })).rejects.toThrow(new RegExp(`^${file}: ENOTDIR`));
  await resolveModel('me/tiny', { cacheDir });
  const reference = join(cacheDir, 'models--me--tiny', 'refs', 'main');
  const { mtimeMs } = statSync(reference);
  await resolveModel('me/tiny', { cacheDir });
  expect(statSync(reference).mtimeMs).toBe(mtimeMs);
});

test('asked for twice at once, a file is fetched once', async () => {
  const folders = await Promise.all([resolveModel('me/tiny', { cacheDir }), resolveModel('me/tiny', { cacheDir })]);
  expect(new Set(folders).size).toBe(1);
  expect(hub.requests.filter((line) => /GET .*safetensors/.test(line))).toHaveLength(1);
});

test('what a process has left that is no more is gone on with; that of one that runs is let alone', async () => {
  const blobs = join(cacheDir, 'models--me--tiny', 'blobs');
  const sha256 = createHash('sha256').update(weights).digest('hex');
  mkdirSync(blobs, { recursive: true });
  const { pid } = spawnSync('true'); // is no more
  const partOf = (process: number) => `${sha256}.partial-${machine}-${process}-01234567`;
  writeFileSync(join(blobs, partOf(pid)), weights.subarray(0, 100_000));
  const others = [partOf(process.ppid), `${sha256}.incomplete`]; // the other is Python's
  for (const name of others) writeFileSync(join(blobs, name), 'abc');
  const folder = await resolveModel('me/tiny', { cacheDir });
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
  expect(hub.requests.filter((line) => /GET .*safetensors/.test(line))).toEqual([
    expect.stringMatching(/bytes=100000-$/),
  ]);
  expect(
    readdirSync(blobs)
      .filter((name) => /incomplete|partial/.test(name))
      .sort(),
  ).toEqual(others.sort());
});

test('two processes that fetch the same file at once both have it whole', async () => {
  const module = new URL('./node.js', import.meta.url).href;
  const code = `const { resolveModel } = await import('${module}');
    console.log(await resolveModel('me/tiny', { cacheDir: ${JSON.stringify(cacheDir)} }));`;
  // Slowly, so that they meet.
  hub.intercept = ({ method, url, headers }, response) => {
    if (method !== 'GET' || !url?.endsWith('.safetensors') || headers.range !== 'bytes=0-') return false;
    response.writeHead(206, { 'content-length': weights.length });
    response.write(weights.subarray(0, 150_000));
    setTimeout(() => response.end(weights.subarray(150_000)), 600);
    return true;
  };
  const run = () =>
    new Promise<string>((done) => {
      execFile(process.execPath, ['--input-type=module', '-e', code], (_, stdout, stderr) => done(stderr || stdout));
    });
  const folder = join(cacheDir, 'models--me--tiny', 'snapshots', commit);
  expect(await Promise.all([run(), run()])).toEqual([`${folder}\n`, `${folder}\n`]);
  expect(hub.requests.filter((line) => /GET .*safetensors/.test(line))).toHaveLength(2); // they did meet
  expect(readFileSync(join(folder, 'model.safetensors'))).toEqual(weights);
  expect(
    readdirSync(join(cacheDir, 'models--me--tiny', 'blobs')).filter((name) => /incomplete|partial/.test(name)),
  ).toEqual([]);
});
