/** @file Files of vectors and of their ranges, as they are after each step. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { drawnVectors } from '../../../testing/drawn-vectors.js';
import { temporaryFolder } from '../../../testing/temporary-folder.js';
import { openVectors, rangesPath } from '../../../vectors/open-vectors.js';
import { quantizeEmbeddings } from '../../../vectors/quantize-embeddings.js';
import type { Vectors } from '../../../vectors/vectors.js';
import { NpyFile } from './npy-file.js';
import { writeVectors } from './write-vectors.js';

const path = join(temporaryFolder(), 'vectors.npy');
const [before, after] = [drawnVectors(1, 90), drawnVectors(2, 8)];

async function* partsOf({ data, shape: [count, size] }: Vectors) {
  for (let row = 0; row < count; row += 5) {
    const rows = data.subarray(row * size, (row + 5) * size);
    yield { vectors: { dtype: 'float32', data: rows, shape: [rows.length / size, size] } as const };
  }
}

const write = (vectors: Vectors, precision: 'int8' | 'ubinary') =>
  writeVectors(path, { size: 20, precision }, partsOf(vectors));

const filesNow = () => [path, rangesPath(path)].map((each) => (existsSync(each) ? readFileSync(each) : undefined));

afterEach(() => vi.restoreAllMocks());

test('int8 vectors are those of quantizeEmbeddings', async () => {
  await write(before, 'int8');
  const { data, ranges } = quantizeEmbeddings(before, 'int8');
  const [vectors, saved] = filesNow() as [Buffer, Buffer];
  expect(vectors.subarray(-data.length)).toEqual(Buffer.from(data.buffer));
  expect(saved.subarray(-ranges.byteLength)).toEqual(Buffer.from(ranges.buffer));
  expect((await openVectors(path)).shape).toEqual([90, 20]);
});

test.each(['int8', 'ubinary'] as const)('%s over int8: never beside the ranges of others', async (precision) => {
  await write(before, 'int8');
  const old = filesNow();
  const seen: (typeof old)[] = [];
  const commit = NpyFile.prototype.commit;
  vi.spyOn(NpyFile.prototype, 'commit').mockImplementation(async function (this: NpyFile) {
    seen.push(filesNow());
    await commit.call(this);
    seen.push(filesNow());
  });
  await write(after, precision);
  const now = filesNow();
  for (const [vectors, ranges] of seen) {
    const isOld = old[0]?.equals(vectors as Buffer) === true;
    if (ranges) expect(ranges).toEqual(isOld ? old[1] : now[1]);
  }
});
