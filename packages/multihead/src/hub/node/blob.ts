/**
 * @file One file of the hub, fetched into the cache's `blobs`, where its name is its checksum.
 *
 * A process writes into a part of its own, and renames it when it is whole and flushed: two that fetch the same file do not
 * meet. The part of a process that is no more is taken over. Nothing is believed that the server did not announce: not a
 * byte more than the size that it gave, no other version in the middle, no encoding.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isAbandoned, move, nameOfPartial, partialPath } from '#files';
import { UserError } from '../../platform/errors.js';
import { notableWait, request, type Subject, Unreachable } from './request.js';
import { Stalled, StallTimer } from './stall-timer.js';

const attempts = 5;
/** A server that says nothing for so many stall limits is given up. */
const attemptsInSilence = 2;

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

/** What the hub says of a file before it is fetched. */
interface Announced {
  /** The checksum, the blob's name. */
  readonly etag: string;
  readonly total: number;
  /** Whether the file lies in storage elsewhere, whose own etag is another. */
  readonly isLinked: boolean;
}

/** Downloads that are under way in this process: who asks for the same file waits for it. */
const underWay = new Map<string, Promise<string>>();

/**
 * Fetches a file into `blobs`, continuing where an earlier try was cut off, and checks it before it gets its name. A file
 * that is there already is checked, too, and fetched again where it is damaged.
 *
 * @returns its path
 */
export async function fetchBlob(source: Source, blobs: string): Promise<string> {
  const announced = await headOf(source);
  const blob = join(blobs, announced.etag);
  const size = await sizeOf(blob);
  if (size === announced.total && (await isIntact(blob))) return blob;
  if (size !== undefined) await rm(blob, { force: true });
  const running = underWay.get(blob) ?? download(source, blob, announced).finally(() => underWay.delete(blob));
  underWay.set(blob, running);
  return running;
}

/** The etag of an answer without its quotes; and whether it is that of a file in storage elsewhere. */
function etagOf({ headers }: Response): { etag: string; isLinked: boolean } {
  const linked = headers.get('x-linked-etag');
  return { etag: (linked ?? headers.get('etag') ?? '').replace(/^W\/|"/g, ''), isLinked: linked !== null };
}

/** The file's checksum and size. */
async function headOf(source: Source): Promise<Announced> {
  const { url, headers, where, patience } = source;
  const init = { method: 'HEAD', headers };
  let head = await request(url, { ...init, redirect: 'manual' }, source, patience);
  // A renamed model is redirected without the file's etag; a file in storage elsewhere, with it.
  if (head.status >= 300 && !head.headers.has('x-linked-etag')) head = await request(url, init, source, patience);
  const { etag, isLinked } = etagOf(head);
  const total = Number(head.headers.get('x-linked-size') ?? head.headers.get('content-length') ?? Number.NaN);
  if (/^[\w-]{1,128}$/.test(etag) && Number.isSafeInteger(total) && total >= 0) return { etag, total, isLinked };
  throw new UserError(`${where}: the server names no etag or size. Is HF_ENDPOINT a hub?`);
}

async function download(source: Source, blob: string, announced: Announced): Promise<string> {
  const { where } = source;
  const { total } = announced;
  const partial = partialPath(blob);
  await mkdir(dirname(blob), { recursive: true });
  // What no checksum will tell apart may be of another version: it is not continued by another process.
  if (isChecksum(announced.etag)) await adopt(blob, partial);
  await checkRoom(dirname(blob), total - ((await sizeOf(partial)) ?? 0), where);
  let silences = 0;
  /** The etag of the storage that the first piece came from: others must come from the same version. */
  const version: { etag?: string | undefined } = {};
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await receive(source, partial, announced, version);
        if ((await sizeOf(partial)) === total) break;
      } catch (error) {
        if (error instanceof Stalled && ++silences === attemptsInSilence) {
          throw new Unreachable(
            `${where}: ${error.message}, ${silences} times. Run it again: it continues where it was.`,
          );
        }
        if (error instanceof UserError && !(error instanceof Stalled)) throw error;
        if ('syscall' in (error as object)) throw error; // the disk's; those of the connection have none at their top
      }
      if (attempt === attempts) {
        throw new Unreachable(
          `${where}: the connection broke ${attempts} times. Run it again: it continues where it was.`,
        );
      }
      const delay = 200 * 2 ** attempt;
      if (delay >= notableWait) {
        source.onNote?.(`${where}: the connection broke ${attempt} times; it is tried again in ${delay / 1000} s.`);
      }
      await wait(delay);
    }
    if (!(await isIntact(partial, basename(blob)))) {
      throw new UserError(
        `${where}: what arrived has another checksum than ${announced.etag}; it was removed. Run it again.`,
      );
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) await rm(partial, { force: true });
    throw error;
  }
  await move(partial, blob);
  return blob;
}

/** Asks for what is missing of a file, and writes what comes until the connection ends. */
async function receive(
  source: Source,
  partial: string,
  { etag, total, isLinked }: Announced,
  version: { etag?: string | undefined },
): Promise<void> {
  const { url, headers, where, onProgress } = source;
  const file = await open(partial, 'a');
  const timer = new StallTimer((note) => source.onNote?.(`${where}: ${note}`));
  try {
    let received = (await file.stat()).size;
    if (received > total) {
      await file.truncate(0);
      received = 0;
    }
    if (received === total) return;
    const range = {
      range: `bytes=${received}-`,
      ...(received > 0 && version.etag !== undefined && { 'if-range': version.etag }),
    };
    const init = { headers: { ...headers, ...range }, signal: timer.signal };
    const response = await timer.watch(request(url, init, source));
    const encoding = response.headers.get('content-encoding') ?? 'identity';
    if (encoding !== 'identity') {
      throw new UserError(`${where}: the server sends it with content-encoding ${encoding}; it must come as it is`);
    }
    const now = etagOf(response);
    if (now.etag !== '' && now.isLinked === isLinked && !isLinked && now.etag !== etag) {
      throw new UserError(`${where}: it changed on the hub while it was fetched. Run it again.`);
    }
    const strong = response.headers.get('etag');
    version.etag = strong?.startsWith('"') ? strong : undefined;
    if (response.status !== 206) {
      await file.truncate(0);
      received = 0;
    } else if (!continuesAt(response, received)) {
      throw new Error('the server sent another range than was asked for');
    }
    for await (const chunk of timer.pieces(response)) {
      received += chunk.length;
      if (received > total) {
        throw new UserError(
          `${where}: the server sends more than the ${total} bytes that it announced. It was removed.`,
        );
      }
      await file.appendFile(chunk);
      onProgress(received, total);
    }
    await file.sync();
  } finally {
    timer.stop();
    await file.close();
  }
}

/** Whether a part begins where it was to; a server need not say so. */
function continuesAt({ headers }: Response, received: number): boolean {
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
  return start === undefined || Number(start) === received;
}

/** Refuses a file that the disk has no room for, before anything of it comes. */
async function checkRoom(folder: string, bytes: number, where: string): Promise<void> {
  const disk = await statfs(folder).catch(() => undefined);
  if (!disk || bytes <= disk.bavail * disk.bsize) return;
  throw new UserError(
    `${where}: ${bytes} bytes are to come, and ${folder} has room for ${disk.bavail * disk.bsize}. Make room there, or ` +
      'set HF_HUB_CACHE.',
  );
}

/** Takes over the largest part of the file that a process has left which is no more. */
async function adopt(blob: string, partial: string): Promise<void> {
  const folder = dirname(blob);
  const parts: { path: string; size: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (nameOfPartial(path) !== basename(blob) || !(await isAbandoned(path))) continue;
    parts.push({ path, size: (await sizeOf(path)) ?? 0 });
  }
  const [largest, ...others] = parts.sort((a, b) => b.size - a.size);
  // Another process may be quicker; then this one begins anew.
  if (largest) await rename(largest.path, partial).catch(() => undefined);
  for (const { path } of others) await rm(path, { force: true });
}

/** Whether a name is Git's hash of a small file, or SHA-256 of one in large file storage. */
const isChecksum = (etag: string): boolean => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag);

/** Whether a file has the checksum that its name, or the given one, says; true for names that are none. */
export async function isIntact(path: string, etag = basename(path)): Promise<boolean> {
  if (!isChecksum(etag)) return true;
  const hash = etag.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${await sizeOf(path)}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  return hash.digest('hex') === etag;
}
