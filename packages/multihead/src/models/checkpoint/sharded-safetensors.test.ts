import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { writeSafetensors } from './safetensors.js';
import { ShardedSafetensors } from './sharded-safetensors.js';

let folder: string;
const open = () => ShardedSafetensors.open(folder, join(folder, 'index.json'));
const index = (map: Record<string, string>) =>
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ weight_map: map }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shards-'));
  for (const [name, value] of [
    ['a', 1],
    ['b', 2],
  ] as const) {
    const data = new Float32Array([value, value]);
    await writeSafetensors(join(folder, `${name}.safetensors`), [{ name, dtype: 'F32', shape: [2], data }]);
  }
  index({ a: 'a.safetensors', b: 'b.safetensors' });
});

test('shards are read as one', async () => {
  const file = await open();
  expect(file.names).toEqual(['a', 'b']);
  expect([...(await file.readFloat32('b'))]).toEqual([2, 2]);
});

test('a missing shard, a tensor in the wrong one, a truncated one', async () => {
  index({ a: 'b.safetensors', b: 'b.safetensors' });
  await expect(open()).rejects.toThrow(/has no tensor a/);
  index({ a: 'a.safetensors', b: 'b.safetensors' });
  writeFileSync(join(folder, 'b.safetensors'), readFileSync(join(folder, 'b.safetensors')).subarray(0, -4));
  await expect(open()).rejects.toThrow(/b\.safetensors: .*damaged, cut off/);
  rmSync(join(folder, 'a.safetensors'));
  await expect(open()).rejects.toThrow(/a\.safetensors: no such file/);
});
