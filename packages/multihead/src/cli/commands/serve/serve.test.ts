/** @file `multihead serve` as a process: what it refuses, keys, requests, and its end by SIGTERM while requests are answered. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { multihead } from '../../../testing/multihead.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { miniGpt, toyModel } from '../../../testing/toy-models.js';
import { namedModels } from './named-models.js';

const bin = fileURLToPath(new URL('../../../../bin/multihead.js', import.meta.url));
const running: ChildProcessWithoutNullStreams[] = [];

interface Started {
  readonly url: string;
  readonly process: ChildProcessWithoutNullStreams;
  readonly lines: Record<string, unknown>[];
  /** Resolves with a line of a message. */
  line(message: string): Promise<Record<string, unknown>>;
  readonly ended: Promise<number | null>;
}

async function start(...args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [bin, 'serve', ...args, '--port', '0']);
  running.push(child);
  const lines: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    const parts = `${rest}${data}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((part) => JSON.parse(part) as Record<string, unknown>));
    for (const check of waiting) check();
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    stderr += data;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const line = (message: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const check = () => {
        const found = lines.find(({ msg }) => msg === message);
        if (found) resolve(found);
      };
      waiting.add(check);
      check();
      void ended.then((code) => reject(new Error(`ended with ${code}: ${stderr}`)));
    });
  const { url } = await line('listening');
  return { url: url as string, process: child, lines, line, ended };
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

const post = (url: string, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('models are named by the last part of their path, or before =', () => {
  expect(namedModels(['models/mini', 'gpt=models/mini-gpt', 'me/tiny/', 'a=b=c'])).toEqual({
    mini: 'models/mini',
    gpt: 'models/mini-gpt',
    tiny: 'me/tiny/',
    a: 'b=c',
  });
  expect(() => namedModels(['a/x', 'b/x'])).toThrow(
    'two models have the name "x"; give one of them another: OTHER=b/x',
  );
  expect(() => namedModels(['a='])).toThrow('"a=" names no model; expected FOLDER or NAME=FOLDER');
});

test('a wider address without keys, a missing model and a folder that is none are refused', () => {
  const refused = (...args: string[]) => multihead('serve', ...args).stderr;
  expect(refused(miniGpt, '--host', '0.0.0.0')).toMatch(
    /^error: --host 0\.0\.0\.0 lets other machines in, and there are no API/,
  );
  expect(refused()).toBe('error: no model to serve: multihead serve FOLDER\n');
  const empty = join(temporaryFolder(), 'empty');
  mkdirSync(empty);
  expect(refused(empty)).toMatch(/^error: .*config\.json/);
  expect(refused('--new-api-key', 'a')).toBe('error: --new-api-key goes with --api-keys FILE\n');
});

test('a new key is printed, and its file holds the hash alone', { timeout: 60_000 }, async () => {
  const file = join(temporaryFolder(), 'keys.txt');
  const { stdout } = multihead('serve', '--new-api-key', 'ann', '--api-keys', file);
  const key = stdout.trim();
  expect(key).toMatch(/^mh-[0-9a-f]{48}$/);
  expect(readFileSync(file, 'utf8')).toMatch(/^ann [0-9a-f]{64}\n$/);
  expect(multihead('serve', '--new-api-key', 'ann', '--api-keys', file).stderr).toMatch(
    /there is a key of the name ann/,
  );
  const { url, line, lines } = await start(await toyModel('fill-mask'), '--host', '127.0.0.1', '--api-keys', file);
  await line('all models are ready');
  expect((await fetch(`${url}/v1/models`)).status).toBe(401);
  expect((await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  await line('request');
  await expect.poll(() => lines.find(({ key }) => key === 'ann')).toMatchObject({ route: '/v1/models', status: 200 });
  expect(JSON.stringify(lines)).not.toContain(key);
});

describe('under load', () => {
  test('SIGTERM: what was accepted is answered, and the process ends by itself', { timeout: 120_000 }, async () => {
    const served = await start(`masks=${await toyModel('fill-mask')}`, `gpt=${miniGpt}`, '--threads', '1');
    const { url, process: child, line, ended } = served;
    expect((await fetch(`${url}/health`)).status).toBe(503);
    await line('all models are ready');
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    const answers: (number | string)[] = [];
    let isOver = false;
    const ask = async (i: number): Promise<void> => {
      while (!isOver) {
        const [path, body] =
          i % 2 === 0
            ? ['/v1/embeddings', { model: 'masks', input: ['the film is good', 'a'] }]
            : ['/v1/completions', { model: 'gpt', prompt: 'I want', max_tokens: 12, seed: 1 }];
        try {
          const response = await post(url, path as string, body as object);
          await response.text();
          answers.push(response.status);
        } catch (error) {
          const { code } = (error as { cause?: { code?: string } }).cause ?? {};
          // After the end of listening, connections are refused; one that is open may be closed between two requests.
          answers.push(code === 'ECONNREFUSED' ? 'refused' : `${code} ${error}`);
          if (code === 'ECONNREFUSED') return;
        }
      }
    };
    const asking = Array.from({ length: 16 }, (_, i) => ask(i));
    await expect.poll(() => answers.length, { timeout: 30_000 }).toBeGreaterThan(50);
    const long = post(url, '/v1/completions', {
      model: 'gpt',
      prompt: 'I want',
      max_tokens: 200,
      stop: 'none',
      seed: 3,
      temperature: 1,
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    child.kill('SIGTERM');
    const signalled = performance.now();
    expect((await long).status).toBe(200);
    expect(((await (await long).json()) as { usage: object }).usage).toMatchObject({ prompt_tokens: 2 });
    expect(await ended).toBe(0);
    expect(performance.now() - signalled).toBeLessThan(30_000); // connections that are kept alive do not hold it up
    isOver = true;
    await Promise.all(asking);
    const others = answers.filter((answer) => answer !== 200 && answer !== 'refused');
    expect(others.filter((answer) => !/ECONNRESET|UND_ERR_SOCKET/.test(String(answer)))).toEqual([]);
    await line('stopped').catch(() => undefined);
    expect(served.lines.at(-1)).toMatchObject({ msg: 'stopped' });
  });

  test('SIGKILL of a worker: its requests get 503 and when to come again, and then it answers', {
    timeout: 120_000,
  }, async () => {
    const { url, line, lines } = await start(`masks=${await toyModel('fill-mask')}`, '--threads', '1');
    await line('all models are ready');
    const { pid } = await line('a model is ready');
    const body = { model: 'masks', input: Array(64).fill('the film is good') };
    const answers: Response[] = [];
    let isOver = false;
    const asking = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const response = await post(url, '/v1/embeddings', body);
        await response.arrayBuffer();
        answers.push(response);
        if (response.status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    await expect.poll(() => answers.length, { timeout: 30_000 }).toBeGreaterThan(30);
    process.kill(pid as number, 'SIGKILL');
    await expect.poll(async () => (await fetch(`${url}/ready`)).status, { timeout: 10_000, interval: 5 }).toBe(503);
    answers.push(await post(url, '/v1/embeddings', body)); // the worker takes a second to come back
    expect((await fetch(`${url}/v1/models`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${url}/ready`)).status, { timeout: 30_000 }).toBe(200);
    const [before] = [answers.length];
    await expect.poll(() => answers.slice(before).some(({ status }) => status === 200), { timeout: 30_000 }).toBe(true);
    isOver = true;
    await Promise.all(asking);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
    for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(lines.map(({ msg }) => msg)).toContain('the process of a model has ended, and another is started');
  });
});
