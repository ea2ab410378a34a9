/** @file A revision of a repository on the hub, fetched into the cache that Python shares. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '#files';
import { UserError } from '../../platform/errors.js';
import { safeName } from '../../platform/safe-name.js';
import type { ResolveOptions } from '../options.js';
import { fetchBlob } from './blob.js';
import { isSound, point } from './pointer.js';
import { request, Unreachable } from './request.js';

/** What is wanted of the hub. */
export interface Wanted {
  readonly kind: 'models' | 'datasets';
  readonly name: string;
  readonly revision: string;
  /** Those of its files that are needed. */
  readonly select: (files: readonly string[]) => readonly string[];
  /** Called with the folder and the required files when all of them are present. */
  readonly whenWhole?: (folder: string, files: readonly string[]) => Promise<void>;
  /** Whether what a folder of the cache holds will do, where the hub is not to be asked. */
  readonly isWhole: (folder: string) => Promise<boolean>;
}

const nouns = { models: 'model', datasets: 'data set' };

/** Whether there is something at a path. */
export const isThere = (path: string): Promise<boolean> => stat(path).then(Boolean, () => false);

/** Whether a name may be an id of the hub: NAME or OWNER/NAME. */
export const isId = (name: string): boolean => /^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/.test(name) && !/--|\.\./.test(name);

/**
 * The folder of a revision's files: fetched, or, offline, what the cache has.
 *
 * @throws UserError for what the hub refuses or sends damaged, and for what is not there offline
 */
export async function snapshot(wanted: Wanted, options: ResolveOptions): Promise<string> {
  const { kind, name, revision, isWhole } = wanted;
  const { env } = process;
  const { localFilesOnly = /^(1|on|yes|true)$/i.test(env.HF_HUB_OFFLINE ?? '') } = options;
  if (/(^|\/)\.\.?(\/|$)|^\/|[\\?#%:]/.test(revision)) {
    throw new UserError(`revision is ${revision}; a branch, a tag or a commit was expected`);
  }
  const home = env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  const cache = options.cacheDir ?? env.HF_HUB_CACHE ?? env.HUGGINGFACE_HUB_CACHE ?? join(home, 'hub');
  const storage = join(cache, `${kind}--${name.replace('/', '--')}`);
  const reference = join(storage, 'refs', revision);
  const cached = async () => {
    const commit = await readFile(reference, 'utf8').catch(() => revision);
    if (!/^[\w-][\w.-]*$/.test(commit.trim())) return undefined; // what is in the cache leads nowhere else
    const folder = join(storage, 'snapshots', commit.trim());
    if (!(await isWhole(folder))) return undefined;
    await refuseDamaged(folder, name);
    return folder;
  };
  if (localFilesOnly) {
    const folder = await cached();
    if (folder !== undefined) return folder;
    throw new UserError(
      `${name}: no such folder, and revision ${revision} is not in ${cache}, while offline mode (HF_HUB_OFFLINE, ` +
        'localFilesOnly) forbids to fetch it. Fetch it once online.',
    );
  }
  try {
    return await fetchSnapshot(wanted, storage, reference, options);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new UserError(`${cache}: ${error.message}`, { cause: error });
    const folder = error instanceof Unreachable ? await cached() : undefined;
    if (folder === undefined) throw error;
    options.onNote?.(
      `${(error as Error).message.replace(': no such folder, and', ':').split(' Try later')[0]} ` +
        `What is in the cache is used instead: ${folder}`,
    );
    return folder;
  }
}

/**
 * Fetches what the cache lacks of a snapshot. The revision is noted when all is there.
 *
 * @param storage   the repository's folder in the cache
 * @param reference the file that says which commit the revision is
 */
async function fetchSnapshot(
  { kind, name, revision, select, whenWhole }: Wanted,
  storage: string,
  reference: string,
  { token = process.env.HF_TOKEN, onDownload, onNote }: ResolveOptions,
): Promise<string> {
  const where = `${name} (revision ${revision})`;
  const endpoint = (process.env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, '');
  const headers = { 'accept-encoding': 'identity', ...(token && { authorization: `Bearer ${token}` }) };
  const patience = Number(process.env.HF_HUB_ETAG_TIMEOUT || 10) * 1000;
  const about = { where, what: nouns[kind], onNote };
  const answer = await request(
    `${endpoint}/api/${kind}/${name}/revision/${encodeURIComponent(revision)}`,
    { headers },
    about,
    patience,
  );
  const { sha, files } = await snapshotOf(answer, `${where}: ${endpoint}`);
  const folder = join(storage, 'snapshots', sha);
  const needed = select(files).map((file) => safeName(file, `${where}: the hub's listing`));
  for (const file of needed) {
    if (await isSound(folder, file)) continue;
    const onProgress = (received: number, total: number) =>
      onDownload?.({ type: 'download', model: name, file, received, total });
    const path = [...name.split('/'), 'resolve', sha, ...file.split('/')].map(encodeURIComponent).join('/');
    const url = `${endpoint}/${kind === 'models' ? '' : `${kind}/`}${path}`;
    const blob = await fetchBlob(
      { url, headers, where: `${where}: ${file}`, what: nouns[kind], patience, onProgress, onNote },
      join(storage, 'blobs'),
    );
    await point(folder, file, blob);
  }
  await whenWhole?.(folder, needed);
  if ((await readFile(reference, 'utf8').catch(() => '')) !== sha) await writeAtomically(reference, sha);
  return folder;
}

/** Refuses, where nothing can be fetched, a snapshot with a file that is not what it was. */
async function refuseDamaged(folder: string, name: string): Promise<void> {
  for (const file of await readdir(folder, { recursive: true })) {
    const path = join(folder, file);
    const found = await stat(path).catch(() => undefined); // of a link to nothing, whoever needs the file will say so
    if (!found?.isFile()) continue;
    if (await isSound(folder, file)) continue;
    throw new UserError(`${path}: is damaged in the cache. Load ${name} once online, and it is fetched anew.`);
  }
}

/** Bytes and names of a listing beyond which it is none that could be meant. */
const largestListing = 32 << 20;
const mostFiles = 200_000;

/** The commit and the names of its files, out of the hub's answer. */
async function snapshotOf(answer: Response, where: string): Promise<{ sha: string; files: string[] }> {
  const json = parseOrNull(await readAtMost(answer, largestListing, where));
  const { sha, siblings } = (json ?? {}) as { sha?: unknown; siblings?: unknown };
  if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha) || !Array.isArray(siblings)) {
    throw new UserError(`${where} names no commit with files. Is HF_ENDPOINT a hub?`);
  }
  if (siblings.length > mostFiles)
    throw new UserError(`${where} lists ${siblings.length} files; at most ${mostFiles} are read`);
  return { sha, files: siblings.map((sibling) => String(sibling?.rfilename)) };
}

/** An answer's text. */
async function readAtMost(answer: Response, most: number, where: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > most) throw new UserError(`${where} lists its files in more than ${most >> 20} MiB; that is not read`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
