/** @file The files of a sharded model, which are removed when a model in one file replaces it. */
import { exists, joinPath, readTextAtMost } from '#files';
import { UserError } from '../../platform/errors.js';
import { safeName } from '../../platform/safe-name.js';

/** The index of weights in safetensors. */
export const safetensorsIndex = 'model.safetensors.index.json';

/**
 * The names of an index and of the shards that it names, as they lie in a folder. What the index does not name, or what
 * does not have the ending of its shards, is somebody else's; of an index that cannot be read, nothing but itself is known.
 *
 * @returns shards first, so that an index which is there while they are removed makes the folder one that does not load
 */
export async function shardedFiles(folder: string, index: string): Promise<string[]> {
  const path = joinPath(folder, index);
  if (!index.endsWith('.index.json') || !(await exists(path))) return [];
  const ending = index.replace(/^.*(\.\w+)\.index\.json$/, '$1');
  const names = new Set(await shardNames(path));
  return [...[...names].filter((name) => name.endsWith(ending)), index];
}

async function shardNames(path: string): Promise<string[]> {
  try {
    const { weight_map: map } = JSON.parse(await readTextAtMost(path)) as { weight_map: Record<string, unknown> };
    return Object.values(map).map((name) => {
      const safe = safeName(name, path);
      if (safe.includes('/')) throw new UserError(`${path}: the shard ${safe} is not beside it`);
      return safe;
    });
  } catch {
    return []; // a damaged index names nothing
  }
}
