/**
 * @file One file of the hub, fetched into the cache's `blobs`, where its name is its checksum.
 *
 * A process writes into a part of its own, `ETAG.PID.incomplete`, and renames it when it is whole: two that fetch the same
 * file do not meet. The part of a process that is no more is taken over.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { ask, type Subject, Unreachable } from './ask.js';

const attempts = 5;
const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

/** What is fetched. */
export interface Source extends Subject {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that the hub has to begin an answer. */
  readonly patience: number;
  readonly onProgress: (received: number, total: number) => void;
}

/** Downloads that are under way in this process: who asks for the same file waits for it. */
const underWay = new Map<string, Promise<string>>();

/**
 * Fetches a file into `blobs`, going on where an earlier try was cut off, and checks it before it gets its name.
 *
 * @returns its path
 */
export async function fetchBlob(source: Source, blobs: string): Promise<string> {
  const { etag, total } = await headOf(source);
  const blob = join(blobs, etag);
  if ((await sizeOf(blob)) !== undefined) return blob;
  const running = underWay.get(blob) ?? download(source, blob, total).finally(() => underWay.delete(blob));
  underWay.set(blob, running);
  return running;
}

/** The file's checksum and size. */
async function headOf(source: Source): Promise<{ etag: string; total: number }> {
  const { url, headers, where, patience } = source;
  const init = { method: 'HEAD', headers };
  let head = await ask(url, { ...init, redirect: 'manual' }, source, patience);
  // A renamed model is redirected without the file's etag; a file in storage elsewhere, with it.
  if (head.status >= 300 && !head.headers.has('x-linked-etag')) head = await ask(url, init, source, patience);
  const etag = (head.headers.get('x-linked-etag') ?? head.headers.get('etag') ?? '').replace(/^W\/|"/g, '');
  const total = Number(head.headers.get('x-linked-size') ?? head.headers.get('content-length') ?? Number.NaN);
  if (/^[\w-]+$/.test(etag) && !Number.isNaN(total)) return { etag, total };
  throw new UserError(`${where}: the server names no etag or size. Is HF_ENDPOINT a hub?`);
}

async function download(source: Source, blob: string, total: number): Promise<string> {
  const { url, headers, where, onProgress } = source;
  const partial = `${blob}.${process.pid}.incomplete`;
  await mkdir(join(blob, '..'), { recursive: true });
  await adopt(blob, partial);
  for (let attempt = 1; ; attempt++) {
    let received = (await sizeOf(partial)) ?? 0;
    if (received > total) received = 0;
    try {
      if (total === 0) await appendFile(partial, '');
      else if (received < total) {
        const response = await ask(url, { headers: { ...headers, range: `bytes=${received}-` } }, source);
        if (response.status !== 206) received = 0;
        await appendFile(partial, '');
        await truncate(partial, received);
        for await (const chunk of response.body ?? []) {
          await appendFile(partial, chunk);
          received += chunk.length;
          onProgress(received, total);
        }
      }
      if (received === total) break;
    } catch (error) {
      if (error instanceof UserError) throw error;
      if ('syscall' in (error as object)) throw error; // the disk's; those of the connection have none at their top
    }
    if (attempt === attempts) {
      throw new Unreachable(`${where}: the connection broke ${attempts} times. Run it again: it goes on where it was.`);
    }
    await wait(200 * 2 ** attempt);
  }
  await check(partial, blob, total, where);
  await rename(partial, blob);
  return blob;
}

/** Takes over the largest part of the file that a process has left which is no more. */
async function adopt(blob: string, partial: string): Promise<void> {
  const folder = join(blob, '..');
  const parts = (await readdir(folder))
    .map((name) => ({ path: join(folder, name), pid: Number(/\.(\d+)\.incomplete$/.exec(name)?.[1]) }))
    .filter(({ path, pid }) => path.startsWith(`${blob}.`) && pid !== process.pid && !isAlive(pid));
  const sizes = new Map(await Promise.all(parts.map(async ({ path }) => [path, (await sizeOf(path)) ?? 0] as const)));
  const largest = [...sizes.keys()].sort((a, b) => (sizes.get(b) as number) - (sizes.get(a) as number))[0];
  // Another process may be quicker; then this one begins anew.
  if (largest && (await sizeOf(partial)) === undefined) await rename(largest, partial).catch(() => undefined);
  for (const { path } of parts) await rm(path, { force: true });
}

/** Whether there is such a process on this machine. What has no number is none of ours, and left alone. */
function isAlive(pid: number): boolean {
  if (Number.isNaN(pid)) return true;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Refuses, and removes, what has another checksum than its name says. */
async function check(partial: string, blob: string, total: number, where: string): Promise<void> {
  const etag = blob.slice(join(blob, '..').length + 1);
  const hash = etag.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${total}\0`);
  for await (const chunk of createReadStream(partial)) hash.update(chunk);
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag) || hash.digest('hex') === etag) return;
  await rm(partial);
  throw new UserError(`${where}: what arrived has another checksum than ${etag}; it was removed. Run it again.`);
}
