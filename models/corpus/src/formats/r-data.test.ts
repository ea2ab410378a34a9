import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rDataToLines } from './r-data.js';

const uint32 = (...values: number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, word) => {
    bytes.writeUInt32BE(value >>> 0, 4 * word);
  });
  return bytes;
};

/** What R's serialize() writes for an object in XDR format, version 2 or 3. */
const serialized = (version: number, body: Buffer) =>
  Buffer.concat([
    Buffer.from('X\n'),
    uint32(version, 0x00040201, 0x00030500),
    version === 3 ? Buffer.concat([uint32(5), Buffer.from('UTF-8')]) : Buffer.alloc(0),
    body,
  ]);

const characters = (lines: readonly string[], flags = 0x00040009) =>
  Buffer.concat([
    uint32(16, lines.length),
    ...lines.flatMap((line) => [uint32(flags, Buffer.byteLength(line)), Buffer.from(line)]),
  ]);

const block = (bytes: Buffer) => Buffer.concat([uint32(bytes.length), deflateSync(bytes)]);

describe('rDataToLines', () => {
  it('reads the character vectors of both versions and passes over other objects', () => {
    const database = Buffer.concat([
      block(serialized(3, characters(['EMMA', '', 'By Jane Austen']))),
      block(serialized(2, Buffer.concat([uint32(13, 1, 7)]))), // an integer vector
      block(serialized(2, characters(['café'], 0x00008009))),
    ]);
    expect(rDataToLines(database)).toEqual([['EMMA', '', 'By Jane Austen'], ['café']]);
  });

  it('refuses a block whose size is wrong, and a kind of element it does not know', () => {
    const bytes = serialized(2, characters(['text']));
    expect(() => rDataToLines(Buffer.concat([uint32(bytes.length + 1), deflateSync(bytes)]))).toThrow(
      'block 0 at byte 0',
    );
    expect(() => rDataToLines(block(serialized(2, characters(['text'], 0x12345678))))).toThrow(
      'unknown flags 0x12345678',
    );
  });
});
