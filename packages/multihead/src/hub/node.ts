/** @file Models by name on Node: a hub id becomes a folder of Hugging Face's own cache. Browsers: `web.ts`. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../errors.js';
import { ask, Unreachable } from './node/ask.js';
import { fetchBlob } from './node/blob.js';
import type { ResolveOptions } from './options.js';

const settings = /^(config|generation_config)\.json$/;
const tokenizer = /^(config|tokenizer|tokenizer_config|special_tokens_map)\.json$|^(vocab|merges)\.txt$/;
const rest =
  /^(modules|sentence_bert_config|config_sentence_transformers|1_Pooling\/config|model\.safetensors\.index)\.json$|^model(-\d+-of-\d+)?\.safetensors$/;
const wanted = { config: [settings], tokenizer: [tokenizer], model: [settings, tokenizer, rest] };

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
  const where = `${name} (revision ${revision})`;
  const cached = async () => {
    const commit = await readFile(reference, 'utf8').catch(() => revision);
    const folder = join(storage, 'snapshots', commit.trim());
    return (await isThere(join(folder, 'config.json'))) ? folder : undefined;
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
    return await fetchSnapshot({ name, where, revision, storage, reference }, options);
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

/** A model of the hub, and where it goes. */
interface Wanted {
  readonly name: string;
  /** Name and revision, for errors. */
  readonly where: string;
  readonly revision: string;
  /** The model's folder in the cache. */
  readonly storage: string;
  /** The file that says which commit the revision is. */
  readonly reference: string;
}

/** Fetches what the cache lacks of a snapshot. The revision is noted when all is there. */
async function fetchSnapshot(
  { name, where, revision, storage, reference }: Wanted,
  { token = process.env.HF_TOKEN, onDownload, parts = 'model' }: ResolveOptions,
): Promise<string> {
  const endpoint = (process.env.HF_ENDPOINT ?? 'https://huggingface.co').replace(/\/+$/, '');
  const headers = { 'accept-encoding': 'identity', ...(token && { authorization: `Bearer ${token}` }) };
  const patience = Number(process.env.HF_HUB_ETAG_TIMEOUT || 10) * 1000;
  const answer = await ask(
    `${endpoint}/api/models/${name}/revision/${encodeURIComponent(revision)}`,
    { headers },
    where,
    patience,
  );
  const { sha, files } = await snapshotOf(answer, `${where}: ${endpoint}`);
  const folder = join(storage, 'snapshots', sha);
  for (const file of files.filter((file) => wanted[parts].some((pattern) => pattern.test(file)))) {
    const pointer = join(folder, file);
    if (await isThere(pointer)) continue;
    const onProgress = (received: number, total: number) =>
      onDownload?.({ type: 'download', model: name, file, received, total });
    const url = `${endpoint}/${name}/resolve/${sha}/${file}`;
    const blob = await fetchBlob(
      { url, headers, where: `${where}: ${file}`, patience, onProgress },
      join(storage, 'blobs'),
    );
    await mkdir(dirname(pointer), { recursive: true });
    await symlink(relative(dirname(pointer), blob), pointer).catch(async (error) => {
      if (!(await isThere(pointer))) throw error; // another process may have made it meanwhile
    });
  }
  if ((await readFile(reference, 'utf8').catch(() => '')) === sha) return folder;
  const partial = `${reference}.${randomUUID()}.partial`;
  await mkdir(dirname(reference), { recursive: true });
  await writeFile(partial, sha);
  await rename(partial, reference);
  return folder;
}

/** The commit and the names of its files, out of the hub's answer. */
async function snapshotOf(answer: Response, where: string): Promise<{ sha: string; files: string[] }> {
  const { sha, siblings } = ((await answer.json().catch(() => null)) ?? {}) as { sha?: unknown; siblings?: unknown };
  if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha) || !Array.isArray(siblings)) {
    throw new UserError(`${where} names no commit with files. Is HF_ENDPOINT a hub?`);
  }
  return { sha, files: siblings.map((sibling) => String(sibling?.rfilename)) };
}
