import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { narrowToBfloat16, narrowToFloat16 } from '../../platform/bytes/float16.js';
import { UserError } from '../../platform/errors.js';
import { SafetensorsFile, writeSafetensors } from './safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'multihead-'));
let files = 0;
const path = () => join(folder, `${files++}.safetensors`);

/** A file of the given header and body. */
function fileOf(header: unknown, body: Uint8Array = new Uint8Array(0), length?: number): string {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length ?? json.length));
  const file = path();
  writeFileSync(file, Buffer.concat([size, json, body]));
  return file;
}

const f32 = (shape: number[], start: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [start, end] });
const zeros = (bytes: number) => new Uint8Array(bytes);

describe('safetensors', () => {
  test('what is written is read back, in every floating-point type', async () => {
    const values = Float32Array.of(1, -2.5, 0.15625, 65504);
    const file = path();
    await writeSafetensors(file, [
      { name: 'half', dtype: 'F16', shape: [4], data: narrowToFloat16(values) as Uint16Array<ArrayBuffer> },
      { name: 'brain', dtype: 'BF16', shape: [4], data: narrowToBfloat16(values) as Uint16Array<ArrayBuffer> },
      { name: 'single', dtype: 'F32', shape: [2, 2], data: values },
      { name: 'double', dtype: 'F64', shape: [4], data: Float64Array.from(values) },
      { name: 'numbers', dtype: 'I64', shape: [2], data: BigInt64Array.of(5n, -1n) },
    ]);
    const opened = await SafetensorsFile.open(file);
    expect(opened.names).toEqual(['double', 'numbers', 'single', 'brain', 'half']);
    expect(opened.metadata).toEqual({ format: 'pt' });
    for (const name of ['half', 'single', 'double']) expect(await opened.readFloat32(name)).toEqual(values);
    expect(Array.from(await opened.readFloat32('brain'))).toEqual([1, -2.5, 0.15625, 65536]);
    expect(await opened.readInt64('numbers')).toEqual(BigInt64Array.of(5n, -1n));
    expect(opened.info('single').shape).toEqual([2, 2]);
    expect((opened.info('single').start as number) % 8).toBe(0);
  });

  test.each([
    ['C64', 8],
    ['U64', 8],
    ['U32', 4],
    ['F8_E4M3', 1],
    ['F8_E5M2', 1],
    ['F8_E8M0', 1],
    ['F4', 0.5],
  ] as const)('a tensor of %s beside those that are read is skipped', async (dtype, bytes) => {
    const path = join(folder, `${dtype}.safetensors`);
    const extra = { name: 'extra', dtype, shape: [4], data: new Uint8Array(4 * bytes) };
    await writeSafetensors(path, [extra, { name: 'a', dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]);
    const file = await SafetensorsFile.open(path);
    expect(await file.readFloat32('a')).toEqual(Float32Array.of(1, 2));
    await expect(file.readFloat32('extra')).rejects.toThrow(`extra holds ${dtype}; F32, F16, BF16 or F64 was expected`);
  });

  test('reads into a place that is given', async () => {
    const file = path();
    await writeSafetensors(file, [{ name: 'a', dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]);
    const buffer = new Float32Array(4);
    await (await SafetensorsFile.open(file)).readFloat32('a', buffer.subarray(1, 3));
    expect(buffer).toEqual(Float32Array.of(0, 1, 2, 0));
  });

  test('reads what Python wrote in float16 and bfloat16 as Python reads it', async () => {
    const fixture = (name: string) =>
      fileURLToPath(new URL(`../../../fixtures/bert/loading/${name}/model.safetensors`, import.meta.url));
    const exact = await SafetensorsFile.open(fixture('prefixed'));
    for (const [name, precision] of [
      ['float16', 2 ** -10],
      ['bfloat16', 2 ** -7],
    ] as const) {
      const half = await SafetensorsFile.open(fixture(name));
      for (const tensor of half.names) {
        const [a, b] = [await half.readFloat32(tensor), await exact.readFloat32(tensor)];
        for (const [i, x] of a.entries())
          expect(Math.abs(x - (b[i] as number))).toBeLessThanOrEqual(Math.abs(b[i] as number) * precision + 1e-7);
      }
    }
  });
});

describe('a damaged file is refused with its name and what is wrong', () => {
  const write = (content: string | Uint8Array): string => {
    const file = path();
    writeFileSync(file, content);
    return file;
  };
  test.each<[string, () => string, RegExp]>([
    ['empty', () => write(''), /is empty/],
    ['seven bytes', () => write('1234567'), /has only 7 bytes/],
    [
      'a Git LFS pointer',
      () => write('version https://git-lfs.github.com/spec/v1\noid sha256:1\n'),
      /pointer of Git LFS.*git lfs pull/,
    ],
    ['a pickle', () => write('PK\x03\x04 and so on and on'), /PyTorch pickle, which can run code/],
    [
      'a header longer than the file',
      () => fileOf({}, zeros(0), 500),
      /claim a header of 500 bytes, but the file has only 10/,
    ],
    ['a header of terabytes', () => fileOf({}, zeros(0), 2 ** 41), /at most 100000000 are allowed/],
    ['a header that is no JSON', () => fileOf('{"a":'), /header \(bytes 8 to 13\) is not valid JSON/],
    ['a header that is a list', () => fileOf([]), /header is not a JSON object/],
    [
      'an unknown type',
      () => fileOf({ a: { ...f32([1], 0, 4), dtype: 'F8' } }, zeros(4)),
      /tensor a: its dtype is "F8"/,
    ],
    ['a negative size', () => fileOf({ a: f32([-1], 0, 4) }, zeros(4)), /tensor a: its shape is \[-1\]/],
    ['no offsets', () => fileOf({ a: { dtype: 'F32', shape: [1] } }, zeros(4)), /data_offsets are undefined/],
    [
      'offsets that run backwards',
      () => fileOf({ a: f32([1], 4, 0) }, zeros(4)),
      /takes 4 bytes, but its data_offsets \[4, 0\] hold -4/,
    ],
    ['a shape that does not fit', () => fileOf({ a: f32([3], 0, 4) }, zeros(4)), /F32 \[3\] takes 12 bytes/],
    ['a shape beyond all numbers', () => fileOf({ a: f32([2 ** 40, 2 ** 40], 0, 4) }, zeros(4)), /tensor a: F32/],
    [
      'overlapping tensors',
      () => fileOf({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, zeros(12)),
      /tensor b: its bytes from \d+ on overlap/,
    ],
    [
      'a gap',
      () => fileOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, zeros(12)),
      /before tensor b, belong to no tensor/,
    ],
    ['cut off', () => fileOf({ a: f32([4], 0, 16) }, zeros(10)), /is cut off: .*6 of them are missing/],
    ['bytes too many', () => fileOf({ a: f32([1], 0, 4) }, zeros(9)), /5 bytes at the end/],
    ['odd metadata', () => fileOf({ __metadata__: { a: 1 } }), /__metadata__ is not an object of texts/],
  ])('%s', async (_, make, message) => {
    const file = make();
    const opened = SafetensorsFile.open(file);
    await expect(opened).rejects.toThrow(UserError);
    await expect(opened).rejects.toThrow(message);
    await expect(opened).rejects.toThrow(file);
  });

  test('bytes changed at random: a right result or a UserError, never anything else', async () => {
    const file = path();
    await writeSafetensors(file, [
      { name: 'a', dtype: 'F32', shape: [2, 3], data: new Float32Array(6) },
      { name: 'b', dtype: 'F16', shape: [4], data: new Uint16Array(4) },
    ]);
    const sound = readFileSync(file);
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    const property = fc.asyncProperty(
      fc.array(change, { maxLength: 4 }),
      fc.nat(sound.length),
      async (changes, cut) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        writeFileSync(file, cut % 3 === 0 ? bytes.subarray(0, cut) : bytes);
        try {
          const opened = await SafetensorsFile.open(file);
          for (const name of opened.names) await opened.readFloat32(name);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      },
    );
    await fc.assert(property, { numRuns: 500 });
  });
});
