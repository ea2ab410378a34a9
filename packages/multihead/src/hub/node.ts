/** @file Models by name on Node: a hub id becomes a folder of Hugging Face's own cache. Browsers: `web.ts`. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../errors.js';
import type { ResolveOptions } from './options.js';

const wanted =
  /^(config|generation_config|tokenizer|tokenizer_config|special_tokens_map|modules|sentence_bert_config|config_sentence_transformers|1_Pooling\/config|model\.safetensors\.index)\.json$|^(vocab|merges)\.txt$|^model(-\d+-of-\d+)?\.safetensors$/;
const attempts = 5;
/** Who is offline should not wait long for being told so. */
const attemptsToConnect = 3;
const isThere = (path: string) => stat(path).then(Boolean, () => false);

/**
 * The folder of a model: the given one if it is there, else the hub's, fetched into the cache that Python shares.
 *
 * @throws UserError for what is neither folder nor id, and for what the hub refuses or sends damaged
 * @example
 * await resolveModel('bert-base-uncased'); // '/home/me/.cache/huggingface/hub/models--bert-base-uncased/snapshots/86b5...'
 */
export async function resolveModel(name: string, options: ResolveOptions = {}): Promise<string> {
  if (await isThere(name)) return name;
  const { env } = process;
  const { revision = 'main', localFilesOnly = /^(1|on|yes|true)$/i.test(env.HF_HUB_OFFLINE ?? '') } = options;
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/.test(name) || /--|\.\./.test(name)) {
    throw new UserError(`${name}: no such folder, and no id of the hub either (NAME or OWNER/NAME). Check the path.`);
  }
  if (/(^|\/)\.\.?(\/|$)|^\/|[\\?#%]/.test(revision)) {
    throw new UserError(`--revision is ${revision}; a branch, a tag or a commit was expected`);
  }
  const home = env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface');
  const cache = options.cacheDir ?? env.HF_HUB_CACHE ?? env.HUGGINGFACE_HUB_CACHE ?? join(home, 'hub');
  const storage = join(cache, `models--${name.replace('/', '--')}`);
  const reference = join(storage, 'refs', revision);
  if (localFilesOnly) {
    const commit = await readFile(reference, 'utf8').catch(() => revision);
    const folder = join(storage, 'snapshots', commit.trim());
    if (await isThere(join(folder, 'config.json'))) return folder;
    throw new UserError(
      `${name}: no such folder, and revision ${revision} is not in ${cache}, while offline mode (HF_HUB_OFFLINE, ` +
        'localFilesOnly) forbids to fetch it. Fetch it once online.',
    );
  }
  const endpoint = (env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, '');
  const token = options.token ?? env.HF_TOKEN;
  const headers = { 'accept-encoding': 'identity', ...(token && { authorization: `Bearer ${token}` }) };
  const where = `${name} (revision ${revision})`;
  const answer = await ask(
    `${endpoint}/api/models/${name}/revision/${encodeURIComponent(revision)}`,
    { headers },
    where,
  );
  const { sha, siblings } = (await answer.json()) as { sha: string; siblings: { rfilename: string }[] };
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new UserError(`${where}: ${endpoint} names no commit. Is HF_ENDPOINT a hub?`);
  const folder = join(storage, 'snapshots', sha);
  for (const { rfilename: file } of siblings.filter(({ rfilename }) => wanted.test(rfilename))) {
    const pointer = join(folder, file);
    if (await isThere(pointer)) continue;
    const url = `${endpoint}/${name}/resolve/${sha}/${file}`;
    const blob = await fetchBlob(url, headers, join(storage, 'blobs'), `${where}: ${file}`, (received, total) =>
      options.onDownload?.({ type: 'download', model: name, file, received, total }),
    );
    await mkdir(dirname(pointer), { recursive: true });
    await symlink(relative(dirname(pointer), blob), pointer);
  }
  await mkdir(dirname(reference), { recursive: true });
  await writeFile(`${reference}.partial-${process.pid}`, sha);
  await rename(`${reference}.partial-${process.pid}`, reference);
  return folder;
}

/** Fetches a file into `blobs`, going on where an earlier try was cut off, and checks it before it gets its name. */
async function fetchBlob(
  url: string,
  headers: Record<string, string>,
  blobs: string,
  where: string,
  onProgress: (received: number, total: number) => void,
): Promise<string> {
  let head = await ask(url, { method: 'HEAD', headers, redirect: 'manual' }, where);
  // A renamed model is redirected without the file's etag; a file in storage elsewhere, with it.
  if (head.status >= 300 && !head.headers.has('x-linked-etag'))
    head = await ask(url, { method: 'HEAD', headers }, where);
  const etag = (head.headers.get('x-linked-etag') ?? head.headers.get('etag') ?? '').replace(/^W\/|"/g, '');
  const total = Number(head.headers.get('x-linked-size') ?? head.headers.get('content-length') ?? Number.NaN);
  if (!/^[\w-]+$/.test(etag) || Number.isNaN(total))
    throw new UserError(`${where}: the server names no etag or size. Is HF_ENDPOINT a hub?`);
  const blob = join(blobs, etag);
  if (await isThere(blob)) return blob;
  const partial = `${blob}.incomplete`;
  await mkdir(blobs, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    let received = await stat(partial).then(
      ({ size }) => size,
      () => 0,
    );
    if (received > total) received = 0;
    try {
      if (total === 0) await appendFile(partial, '');
      else if (received < total) {
        const response = await ask(url, { headers: { ...headers, range: `bytes=${received}-` } }, where);
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
      // The disk's errors name a path or a call at their top; those of the connection do not.
      if ('syscall' in (error as object))
        throw new UserError(`${partial}: ${(error as Error).message}`, { cause: error });
    }
    if (attempt === attempts) {
      throw new UserError(`${where}: the connection broke ${attempts} times. Run it again: it goes on where it was.`);
    }
    await wait(200 * 2 ** attempt);
  }
  const hash = etag.length === 64 ? createHash('sha256') : createHash('sha1').update(`blob ${total}\0`);
  for await (const chunk of createReadStream(partial)) hash.update(chunk);
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag) && hash.digest('hex') !== etag) {
    await rm(partial);
    throw new UserError(`${where}: what arrived has another checksum than ${etag}; it was removed. Run it again.`);
  }
  await rename(partial, blob);
  return blob;
}

/** Asks the hub, again where it is busy; a refusal is an error that says what to do. */
async function ask(url: string, init: RequestInit, where: string): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, init).catch((cause: unknown) => cause as Error);
    const status = response instanceof Error ? 0 : response.status;
    if (!(response instanceof Error) && status >= 200 && status < 400) return response;
    if (status >= 400 && status < 500 && status !== 429) throw new UserError(`${where}: ${refusal(status)}`);
    if (attempt === (status === 0 ? attemptsToConnect : attempts)) {
      const what = status ? `the hub answered HTTP ${status}` : 'the hub cannot be reached';
      throw new UserError(`${where}: no such folder, and ${what} (${url}). Try later, or give a local folder.`);
    }
    await wait(200 * 2 ** attempt);
  }
}

function refusal(status: number): string {
  if (status === 401) return 'the hub asks for a token, or has no such model. Set HF_TOKEN, or check the name.';
  if (status === 403)
    return 'access is gated. Accept its terms on the hub, and set HF_TOKEN to a token that may read it.';
  if (status === 404)
    return 'no such folder, and the hub has no such model, revision or file. Check name and revision.';
  return `the hub answered HTTP ${status}`;
}
