/** @file Files in a browser: read by `fetch`, whole, by range, by line; never written. On Node: `node.ts`. */

import { decodeText } from '../bytes/text-encoding.js';
import { UserError } from '../errors.js';

/** What a file is made of: text, bytes, or pieces of either one after the other. */
export type Content = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Why a server's answer is not the file; empty if it is. */
function refusal({ status, headers }: Response, path: string): string {
  if (status === 404 || status === 410) return 'no such file on the server';
  if (status === 401 || status === 403) return `permission denied (HTTP ${status})`;
  if (status >= 400) return `the server answered HTTP ${status}`;
  // Development servers answer a missing file with the application's own page and status 200.
  const isPage = headers.get('content-type')?.startsWith('text/html') && !/\.html?$/.test(path.split(/[?#]/)[0] ?? '');
  return isPage
    ? 'no such file: the server answered with an HTML page. Check the path and what the server serves.'
    : '';
}

/** Asks the server; whatever keeps the file away is an error with the path in it. */
async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, init).catch((cause: unknown) => {
    throw new UserError(`${path}: cannot be fetched. Is the address right, the server up, and does it allow CORS?`, {
      cause,
    });
  });
  const problem = refusal(response, path);
  if (!problem) return response;
  await response.body?.cancel();
  throw new UserError(`${path}: ${problem}`);
}

/** Whether the server has the path. */
export async function exists(path: string): Promise<boolean> {
  return request(path, { method: 'HEAD' }).then(
    () => true,
    () => false,
  );
}

/** The size of a file in bytes. */
export async function fileSize(path: string): Promise<number> {
  const { headers } = await request(path, { method: 'HEAD' });
  const length = headers.get('content-length');
  // Of a compressed answer the header gives the compressed length.
  if (length !== null && !headers.has('content-encoding')) return Number(length);
  return (await readBytes(path)).length;
}

/** A file's size in bytes, and when it was last changed, in milliseconds since 1970; 0 where the server does not say. */
export async function fileStamp(path: string): Promise<{ size: number; modified: number }> {
  const { headers } = await request(path, { method: 'HEAD' });
  return { size: await fileSize(path), modified: Date.parse(headers.get('last-modified') ?? '') || 0 };
}

/** The address itself: a server tells a browser no names, so that there are neither folders nor patterns. */
export async function findFiles(source: string): Promise<string[]> {
  if (await exists(source)) return [source];
  throw new UserError(`${source}: no such file on the server. In a browser each file must be named by its address.`);
}

/** The bytes of a file, one piece after the other as the server sends them. */
export async function* readChunks(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = (await request(path)).body?.getReader();
  if (!reader) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel();
  }
}

/** What gzip packed: files of one member. */
export async function* unpackGzip(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const iterator = chunks[Symbol.asyncIterator]();
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => {
      await iterator.return?.();
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined); // a stream that failed has nothing left to cancel
  }
}

/** A whole file. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await request(path)).arrayBuffer());
}

/** The bytes [start, end) of a file. A server that knows no ranges sends the whole file, from which they are cut. */
export async function readRange(path: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  if (end <= start) return new Uint8Array(0);
  const response = await request(path, { headers: { range: `bytes=${start}-${end - 1}` } });
  const received = new Uint8Array(await response.arrayBuffer());
  const bytes = response.status === 206 ? received : received.slice(start, end);
  if (bytes.length === end - start) return bytes;
  throw new UserError(`${path}: ends at byte ${start + bytes.length}; ${end} were expected`);
}

/** A whole text file, without a byte order mark. @throws UserError for what is neither UTF-8 nor, by its mark, UTF-16 */
export const readText = async (path: string): Promise<string> => decodeText(await readBytes(path), path);

/** A file that is written beside its name, and has its name once it is whole. */
export interface FileWriter {
  write(piece: string | Uint8Array): Promise<void>;
  writeAt(position: number, bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
  commit(): Promise<void>;
  abandon(): Promise<void>;
  abandonNow(): void;
}

/** A whole text file of at most so many characters. */
export async function readTextAtMost(path: string, most = 64 << 20): Promise<string> {
  const text = await readText(path);
  if (text.length > most)
    throw new UserError(`${path}: is longer than ${most} characters, which is not read of such a file`);
  return text;
}

/** Refuses: a browser writes no files. */
export async function createFile(path: string): Promise<FileWriter> {
  return refuse('write', path);
}

/** Refuses: a browser writes no files. */
export async function checkReplaceable(path: string): Promise<void> {
  refuse('write', path);
}

/** A file that grows. */
export interface AppendedFile {
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Refuses: a browser writes no files. */
export async function appendTo(path: string, _size: number): Promise<AppendedFile> {
  return refuse('write', path);
}

/** Refuses: a browser writes no files. */
export async function writeAtomically(path: string, _content: Content): Promise<void> {
  refuse('write', path);
}

/** Refuses: a browser writes no files. */
export async function writeTogether(
  folder: string,
  _files: Readonly<Record<string, Content>>,
  _key: string,
  _gone?: readonly string[],
): Promise<void> {
  refuse('write', folder);
}

/** Refuses: a browser has no folders. */
export async function makeDirectory(path: string): Promise<void> {
  refuse('make the folder', path);
}

/** Refuses: a server tells a browser no names. */
export async function listDirectory(path: string): Promise<string[]> {
  return refuse('list', path);
}

/** Refuses: a browser writes no files. */
export async function remove(path: string): Promise<void> {
  refuse('remove', path);
}

/** Refuses: a browser writes no files. */
export async function move(from: string, _to: string): Promise<void> {
  refuse('move', from);
}

/** Refuses: a browser writes no files. */
export function partialPath(path: string): string {
  return refuse('write', path);
}

/** Refuses: a browser has no files that are half written. */
export function nameOfPartial(path: string): string | undefined {
  return refuse('find', path);
}

/** Refuses: a browser has no files that are half written. */
export async function isAbandoned(path: string): Promise<boolean> {
  return refuse('find', path);
}

/** Who has a lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Refuses: a browser has no folders that others write into, too. */
export function lockFolder(folder: string): { readonly release: () => void } | { readonly holder: Holder } {
  return refuse('lock', folder);
}

/** A file to whose end is written. */
export interface Log {
  write(piece: string | Uint8Array): void;
  flush(): void;
  close(): void;
}

/** Refuses: a browser writes no files. */
export const createLog = (path: string): Log => refuse('write', path);

/** Refuses: a browser writes no files. */
export const replaceLog = (path: string, _kept: string): Log => refuse('write', path);

/** Refuses: a browser writes no files. */
export const checkLogPlace = (path: string): void => refuse('write', path);

/** Refuses: a browser waits for what it reads. */
export const readBytesNow = (path: string): Uint8Array | undefined => refuse('read', path);

/** Refuses: a browser waits for what it reads. */
export const readTextNow = (path: string): string => refuse('read', path);

/** Refuses: a browser has no temporary folders. */
export const temporaryFolder = async (prefix: string): Promise<string> => refuse('make', prefix);

function refuse(action: string, path: string): never {
  throw new UserError(`${path}: cannot ${action} it: a browser has no folders. Do this on Node, or offer a download.`);
}

/** Whether a file lies in a folder or below it. */
export const isInside = (path: string, folder: string): boolean => joinPath(path).startsWith(joinPath(folder, '/'));

/** The name by which an address says what it is: without its query and its fragment. */
export const nameIn = (address: string): string => address.replace(/[?#].*$/, '');

/** The address of a file, which has no links on the way. */
export const realPath = async (path: string): Promise<string> => joinPath(path);

/** Joins parts of a path or of an address. */
export const joinPath = (...parts: string[]): string =>
  parts
    .filter((part) => part !== '')
    .join('/')
    .replace(/(?<!:)\/{2,}/g, '/');
