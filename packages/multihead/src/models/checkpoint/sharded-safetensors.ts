/** @file Sharded weights: `model.safetensors.index.json` maps tensors to shards. */
import { exists, joinPath, readTextAtMost } from '#files';
import { UserError } from '../../platform/errors.js';
import { parseJson } from '../../platform/json/json.js';
import { safeName } from '../../platform/safe-name.js';
import { SafetensorsFile } from './safetensors.js';
import type { TensorInfo } from './safetensors-header.js';

/** The largest existing models have about 200. */
const mostShards = 4096;

/** Shards, read as if they were one file. */
export class ShardedSafetensors {
  private constructor(
    readonly path: string,
    private readonly files: ReadonlyMap<string, SafetensorsFile>,
  ) {}

  /**
   * Reads the index and the header of each shard.
   *
   * @param path of the index; its shards lie beside it, in `folder`
   * @throws UserError for a missing or damaged shard, and for a tensor that is not in the shard that the index names
   */
  static async open(folder: string, path: string): Promise<ShardedSafetensors> {
    const map = (parseJson(await readTextAtMost(path), path) as { weight_map?: unknown } | null)?.weight_map;
    const entries = Object.entries(typeof map === 'object' && map !== null ? map : {});
    const count = new Set(Object.values(map ?? {})).size;
    if (count > mostShards) throw new UserError(`${path}: names ${count} shards; at most ${mostShards} are read`);
    if (entries.length === 0) throw new UserError(`${path}: has no weight_map, which names the shard of each tensor`);
    const shards = new Map<string, SafetensorsFile>();
    const files = new Map<string, SafetensorsFile>();
    for (const [tensor, name] of entries) {
      if (typeof name !== 'string' || name.includes('/')) {
        throw new UserError(`${path}: the shard of ${tensor} is ${JSON.stringify(name)}; a file's name was expected`);
      }
      const shardPath = joinPath(folder, safeName(name, path));
      let shard = shards.get(name);
      if (!shard) {
        if (!(await exists(shardPath))) {
          throw new UserError(`${shardPath}: no such file, but ${path} names it. Get the missing shard.`);
        }
        shard = await SafetensorsFile.open(shardPath);
        shards.set(name, shard);
      }
      if (!shard.names.includes(tensor)) {
        throw new UserError(`${shardPath}: has no tensor ${tensor}, which ${path} says is there. Get both files anew.`);
      }
      files.set(tensor, shard);
    }
    return new ShardedSafetensors(path, files);
  }

  get names(): string[] {
    return [...this.files.keys()];
  }

  info(name: string): TensorInfo {
    return this.shardOf(name).info(name);
  }

  readFloat32(name: string, into?: Float32Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
    return this.shardOf(name).readFloat32(name, into);
  }

  private shardOf(name: string): SafetensorsFile {
    const file = this.files.get(name);
    if (!file) throw new UserError(`${this.path}: names no tensor ${name}`);
    return file;
  }
}
